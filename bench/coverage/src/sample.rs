//! Bills for the peers, one line each, and whether they make the same amounts of them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use chrono::Datelike;
use mingbai_coverage::{History, Pack, YearAccount};
use mingbai_domain::Fen;

use crate::draw::{Year, years};
use crate::engine::best;
use crate::{Result, report};

/// The columns of a peer's bills that amounts follow from; the dates come after them.
pub(crate) const COLUMNS: [&str; 8] =
    ["person", "identity", "area", "referral", "total", "ownpay", "overlimit", "preselfpay"];

/// How often one go settles the sample: about a hundred times as fast as Python, a go then lasts about as long as its, and a
/// busy neighbour slows both alike.
const ROUNDS: usize = 100;

/// What each payer pays and what the person pays, one bill after the other: the work a peer is timed on, neither reading
/// the bills nor writing the amounts.
fn engine(pack: &Pack, years: &[Year], outcomes: &mut Vec<Fen>) -> Result<()> {
    let opening = History::empty(pack.from.year());
    let mut account = YearAccount::new(pack);
    outcomes.clear();
    let mut refused = 0;
    for year in years {
        account.open(&year.person, &opening);
        account.settle_all(&year.bills, |_, outcome| match outcome {
            Ok(amounts) => {
                outcomes.extend(amounts.payers.iter().map(|payer| payer.amount));
                outcomes.push(amounts.personal);
            }
            Err(_) => refused += 1,
        });
    }
    if refused == 0 { Ok(()) } else { Err(format!("退回了 {refused} 张").into()) }
}

/// Writes `bills.tsv`, in fen, people one after the other and each one's bills in order, and `engine.tsv`: what each payer
/// pays and what the person pays.
pub(crate) fn write(pack: &Pack, folder: &Path, bills: usize) -> Result<()> {
    fs::create_dir_all(folder)?;
    let drawn = years(pack, bills, true);
    let mut text = COLUMNS.join("\t") + "\tadmitted_on\tdischarged_on\tsettled_on\n";
    for (person, year) in drawn.iter().enumerate() {
        let identity = year.person.identities.first().map_or("ordinary", |period| &period.identity);
        for bill in &year.bills {
            let (area, referral) = (bill.area.code(), bill.referral.code());
            let (total, own, over) = (bill.total.0, bill.ownpay.0, bill.overlimit.0);
            let first = bill.preselfpay.unwrap_or_default().0;
            write!(text, "{person}\t{identity}\t{area}\t{referral}\t{total}\t{own}\t{over}\t{first}\t")?;
            writeln!(text, "{}\t{}\t{}", bill.admitted_on, bill.discharged_on, bill.settled_on)?;
        }
    }
    fs::write(folder.join("bills.tsv"), text)?;
    let mut outcomes = Vec::new();
    let ((), taken) = best(|| (0..ROUNDS).try_for_each(|_| engine(pack, &drawn, &mut outcomes)))?;
    report("明白账", "样本", bills * ROUNDS, taken);
    let mut lines = String::new();
    for bill in outcomes.chunks((outcomes.len() / bills.max(1)).max(1)) {
        let amounts: Vec<String> = bill.iter().map(|amount| amount.0.to_string()).collect();
        writeln!(lines, "{}", amounts.join("\t"))?;
    }
    fs::write(folder.join("engine.tsv"), lines)?;
    Ok(())
}

/// Compares `PEER.tsv` with the engine's amounts, as far as it goes.
pub(crate) fn same(folder: &Path, peer: &str) -> Result<()> {
    let ours = fs::read_to_string(folder.join("engine.tsv"))?;
    let theirs = fs::read_to_string(folder.join(format!("{peer}.tsv")))?;
    let mut count = 0;
    for (line, (ours, theirs)) in ours.lines().zip(theirs.lines()).enumerate() {
        if ours != theirs {
            return Err(format!("{peer} 第 {} 张与明白账不一样：{theirs} 而不是 {ours}", line + 1).into());
        }
        count += 1;
    }
    if count == 0 || count != theirs.lines().count() {
        return Err(format!("{peer} 的行数不对：{count}").into());
    }
    println!("same\t{peer}\t{count}");
    Ok(())
}
