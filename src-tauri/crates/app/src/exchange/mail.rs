//! Bundles in e-mails: a draft the clerk's own mail program opens, and mails that were saved whole.

use chrono::{DateTime, FixedOffset};
use mail_builder::MessageBuilder;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::raw::Raw;
use mail_builder::mime::{BodyPart, MimePart};
use mail_parser::{MessageParser, MimeHeaders};
use mingbai_bundle::MAGIC;

use crate::error::{AppError, ErrorCode};

/// What a draft says besides the attachment. No word of it is about a person.
pub(super) struct Draft<'a> {
    /// Empty, or whom the clerk typed.
    pub(super) to: &'a str,
    /// The sending unit.
    pub(super) unit: &'a str,
    /// Who is to import it.
    pub(super) recipient: &'a str,
    /// Running number of the bundle.
    pub(super) number: u64,
    /// Which part of how many.
    pub(super) part: (usize, usize),
    /// When it was written.
    pub(super) now: DateTime<FixedOffset>,
}

/// How large a bundle may be so that a mail around it keeps within a limit: base64 makes four bytes of three and breaks
/// lines, and the mail has words of its own.
pub(super) const fn fitting(limit: u64) -> u64 {
    (limit / 4 * 3 / 78 * 76).saturating_sub(8 * 1024)
}

/// A mail that mail programs open as a draft.
pub(super) fn draft(draft: &Draft<'_>, name: &str, bytes: &[u8]) -> Result<Vec<u8>, AppError> {
    let (part, parts) = draft.part;
    let which = if parts > 1 { format!("（第{part}份，共{parts}份）") } else { String::new() };
    let subject = format!("明白账数据包 {} 第{}号{which}", draft.unit, draft.number);
    let whole = if parts > 1 {
        format!("这个数据包分成 {parts} 封邮件，这是第 {part} 封。各封都导入后才会生效，先后不限。\r\n\r\n")
    } else {
        String::new()
    };
    let body = format!(
        "{}：\r\n\r\n附件是{}的明白账数据包第{}号，已加密签名，只有收件单位的电脑能打开。\r\n\r\n{whole}\
         导入办法：把附件存到电脑上（或把整封邮件存成 .eml 文件），在明白账里打开“数据交换”，按“导入”选这个文件。\r\n\
         请不要改动附件。\r\n",
        draft.recipient, draft.unit, draft.number
    );
    let attachment = MimePart::new("application/octet-stream", BodyPart::Binary(bytes.into())).attachment(name);
    let text = MimePart::new("text/plain", BodyPart::Text(body.into()));
    // Given by hand, because the library would make them from the clock and the name of the PC.
    let boundary = format!("=_{}", name.replace('.', "_"));
    let kind = ContentType::new("multipart/mixed").attribute("boundary", boundary);
    let mut mail = MessageBuilder::new()
        .message_id(format!("{name}@mingbai.invalid"))
        .date(draft.now.timestamp())
        .header("X-Unsent", Raw::new("1"))
        .subject(subject)
        .body(MimePart::new(kind, vec![text, attachment]));
    if !draft.to.is_empty() {
        mail = mail.to(draft.to);
    }
    let failed =
        |error: std::io::Error| AppError::new(ErrorCode::Internal, "邮件草稿没有生成").detail(error.to_string());
    mail.write_to_vec().map_err(failed)
}

/// Whether this can be written behind 收件人 of a draft.
pub(super) fn is_address(address: &str) -> bool {
    let plain =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic() && !b"<>,;:\"()[]\\".contains(&b));
    address.len() <= 254
        && address.split_once('@').is_some_and(|(who, host)| plain(who) && plain(host) && !host.contains('@'))
}

/// The one bundle a saved mail carries, with its name; nothing when the file is no mail.
pub(super) fn attached(path_is_mail: bool, bytes: &[u8]) -> Result<Option<(String, Vec<u8>)>, AppError> {
    if !path_is_mail {
        return Ok(None);
    }
    let refused = |why: &str| AppError::new(ErrorCode::FileUnreadable, format!("{why}，没有导入任何内容"));
    let Some(mail) = MessageParser::default().parse(bytes) else {
        return Err(refused("这封邮件读不出来。请在邮箱里把附件单独存下来再导入"));
    };
    let mut found: Vec<(String, Vec<u8>)> = Vec::new();
    for part in mail.attachments() {
        let name = part.attachment_name().unwrap_or_default().to_owned();
        // One whose bytes were changed on the way is taken out as well, so that the clerk is told what happened to it.
        let named = name.to_ascii_lowercase().ends_with(".mbx");
        if named || part.contents().starts_with(&MAGIC) {
            found.push((name, part.contents().to_vec()));
        }
    }
    match found.len() {
        0 => Err(refused("这封邮件里没有明白账数据包。请确认选对了邮件")),
        1 => Ok(found.pop()),
        more => Err(refused(&format!("这封邮件里有 {more} 个数据包。请把附件分别存下来，一个一个导入"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vec<u8> {
        // Everything a mailer likes to change: the eighth bit, line ends, dots at the beginning of a line.
        let mut bytes = MAGIC.to_vec();
        bytes.extend((0..=255_u8).cycle().take(3_000));
        bytes.extend_from_slice(b"\r\n.\r\n\n\r");
        bytes
    }

    fn written(to: &str, part: (usize, usize)) -> Vec<u8> {
        let now = DateTime::parse_from_rfc3339("2026-11-21T14:32:00+08:00").unwrap();
        let told = Draft { to, unit: "青石乡卫生院", recipient: "云岭县", number: 7, part, now };
        draft(&told, "MBU-0a0b0c-00007-ffeedd.mbx", &sample()).unwrap()
    }

    #[test]
    fn a_draft_is_plain_ascii_opens_as_a_draft_and_gives_the_bundle_back() {
        let mail = written("", (1, 1));
        let text = std::str::from_utf8(&mail).unwrap();
        assert!(text.is_ascii() && text.lines().all(|line| line.len() <= 998));
        assert!(text.contains("X-Unsent: 1\r\n") && !text.contains("\r\nTo:"), "{text}");
        assert!(text.contains("=?utf-8?") || text.contains("=?UTF-8?"), "{text}");
        assert_eq!(mail, written("", (1, 1)), "the same draft every time");
        let (name, bytes) = attached(true, &mail).unwrap().unwrap();
        assert_eq!((name.as_str(), bytes), ("MBU-0a0b0c-00007-ffeedd.mbx", sample()));
        let read = MessageParser::default().parse(&mail).unwrap();
        assert_eq!(read.subject(), Some("明白账数据包 青石乡卫生院 第7号"));
        assert!(read.body_text(0).unwrap().contains("只有收件单位的电脑能打开"));
    }

    #[test]
    fn a_draft_of_one_part_says_which_and_is_addressed_to_whom_the_clerk_typed() {
        let mail = written("jkb@yunling.gov.cn", (2, 3));
        let read = MessageParser::default().parse(&mail).unwrap();
        assert!(read.subject().unwrap().ends_with("（第2份，共3份）"));
        assert!(read.body_text(0).unwrap().contains("分成 3 封邮件，这是第 2 封"));
        assert_eq!(read.to().unwrap().first().unwrap().address(), Some("jkb@yunling.gov.cn"));
    }

    #[test]
    fn only_what_is_an_address_is_written_behind_the_recipient() {
        assert!(is_address("jkb@yunling.gov.cn"));
        for no in ["", "jkb", "@", "a@", "@b", "a@b@c", "a b@c", "a@b\r\nBcc: x@y", "<a@b>", "甲@乙", "a@b,c@d"] {
            assert!(!is_address(no), "{no:?}");
        }
    }

    #[test]
    fn a_mail_without_or_with_several_bundles_is_refused_in_words() {
        let plain = b"Subject: hello\r\n\r\nno attachment\r\n";
        assert!(attached(true, plain).unwrap_err().message.contains("没有明白账数据包"));
        let two = format!(
            "Content-Type: multipart/mixed; boundary=x\r\n\r\n{part}{part}--x--\r\n",
            part = "--x\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=a.mbx\r\n\r\nabc\r\n"
        );
        assert!(attached(true, two.as_bytes()).unwrap_err().message.contains("2 个数据包"));
        assert!(attached(false, plain).unwrap().is_none());
    }

    #[test]
    fn a_limit_for_mails_leaves_room_for_what_the_mail_adds() {
        for limit in [10_u64 << 20, 20 << 20] {
            let now = DateTime::parse_from_rfc3339("2026-11-21T14:32:00+08:00").unwrap();
            let told =
                Draft { to: "", unit: "青石乡卫生院", recipient: "云岭县", number: 7, part: (1, 2), now };
            let bytes = vec![0xa5; fitting(limit) as usize];
            let mail = draft(&told, "MBU-0a0b0c-00007-ffeedd-001.mbx", &bytes).unwrap();
            assert!(mail.len() as u64 <= limit && mail.len() as u64 > limit / 100 * 97, "{}", mail.len());
        }
    }
}
