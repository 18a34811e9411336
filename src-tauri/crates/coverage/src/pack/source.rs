//! Where a number comes from: documents with their status, and references to their articles.

use serde::Serialize;

use super::section::{Conflict, PackError, Section};

/// How sure we are of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The published text itself.
    Official,
    /// Told by somebody else: a hospital page, a public answer.
    Quoted,
    /// Not yet checked against any text.
    Unverified,
}

impl Status {
    /// 官方 / 转述 / 待核实.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Official => "官方",
            Self::Quoted => "转述",
            Self::Unverified => "待核实",
        }
    }
}

/// One document the pack rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Short key used in references, e.g. `S1`.
    pub key: String,
    /// 文号, or what the thing is when it has none.
    pub document: String,
    /// Title.
    pub title: String,
    /// Where it was published.
    pub url: Option<String>,
    /// SHA-256 of the text that was read, in hex.
    pub sha256: Option<String>,
    /// How sure we are.
    pub status: Status,
}

impl Source {
    pub(super) fn read(mut section: Section) -> Result<Self, PackError> {
        let source = Self {
            key: section.text("key", "来源代号")?,
            document: section.text("document", "文号")?,
            title: section.text("title", "标题")?,
            url: section.text_or_none("url", "网址")?,
            sha256: section.text_or_none("sha256", "文本摘要")?,
            status: section.choice(
                "status",
                "核实状态",
                &[("官方", Status::Official), ("转述", Status::Quoted), ("待核实", Status::Unverified)],
            )?,
        };
        section.finish()?;
        Ok(source)
    }
}

/// A value's reference, resolved: document, article, status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Citation {
    /// Key of the source.
    pub source: String,
    /// 文号.
    pub document: String,
    /// 条款, may be empty.
    pub article: String,
    /// How sure we are.
    pub status: Status,
}

impl Citation {
    /// `京人社农合发〔2017〕250号 第二十一条`, with 待核实 or 转述 said aloud.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = self.document.clone();
        if !self.article.is_empty() {
            text.push(' ');
            text.push_str(&self.article);
        }
        if self.status != Status::Official {
            text.push('，');
            text.push_str(self.status.label());
        }
        text
    }
}

/// Resolves `"S1 第二十一条"`.
pub(super) fn cite(sources: &[Source], section: &Section, text: &str) -> Result<Citation, PackError> {
    let (key, article) = text.split_once(' ').unwrap_or((text, ""));
    let source = sources
        .iter()
        .find(|source| source.key == key)
        .ok_or_else(|| section.conflict(Conflict::UnknownSource(key.to_owned())))?;
    Ok(Citation {
        source: source.key.clone(),
        document: source.document.clone(),
        article: article.trim().to_owned(),
        status: source.status,
    })
}
