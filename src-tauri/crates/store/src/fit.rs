//! Whether this build can project an entry: known types, fields and operations, values of the right kind, and
//! references that point backwards.

use mingbai_domain::catalogue::{self, Shape};
use mingbai_ledger::{DotRef, Entry, Op};

/// Whether this build can project an entry.
pub(crate) enum Fit {
    Fine,
    Newer(&'static str),
    Unfit(&'static str),
}

pub(crate) fn fit(entry: &Entry, seq: u64) -> Fit {
    let dots: u64 = entry.ops.iter().map(|op| u64::from(op.dots())).sum();
    if entry.origin.as_ref().is_some_and(|origin| origin.indices.len() as u64 != dots) {
        return Fit::Unfit("转载的内容与原文对不上");
    }
    let mut worst = Fit::Fine;
    for op in &entry.ops {
        match fit_op(op, seq) {
            Fit::Fine => {}
            newer @ Fit::Newer(_) => return newer,
            unfit @ Fit::Unfit(_) => worst = unfit,
        }
    }
    match worst {
        // What does not fit us may fit the version that wrote it.
        Fit::Unfit(_) if entry.schema > catalogue::SCHEMA => Fit::Newer("由更新的版本写成"),
        worst => worst,
    }
}

fn fit_op(op: &Op, seq: u64) -> Fit {
    let backwards = |dot: &DotRef| !matches!(dot, DotRef::Own { seq: of, .. } if *of >= seq);
    let (shape, sound) = match op {
        Op::Set { writes, .. } => (Shape::State, writes.values().all(|w| w.base.iter().all(backwards))),
        Op::Fact { .. } => (Shape::Fact, true),
        Op::Amend { of, .. } => (Shape::Fact, backwards(of)),
        Op::Unmerge { of } => {
            return if backwards(of) { Fit::Fine } else { Fit::Unfit("引用了还不存在的内容") };
        }
        Op::Merge { .. } | Op::Roster { .. } | Op::Import { .. } | Op::Ack { .. } | Op::Refused { .. } => {
            return Fit::Fine;
        }
        Op::Add { .. } | Op::Remove { .. } | Op::Blob { .. } | Op::Unknown(_) => {
            return Fit::Newer("含有本版本不认识的操作");
        }
    };
    let Some(record) = op.record().and_then(|(record_type, _)| catalogue::by_id(record_type)) else {
        return Fit::Newer("含有本版本不认识的记录种类");
    };
    let mut values: Vec<_> = Vec::new();
    match op {
        Op::Set { writes, .. } => values.extend(writes.iter().map(|(field, write)| (*field, &write.value))),
        Op::Fact { body, .. } | Op::Amend { body: Some(body), .. } => values.extend(body.iter().map(|(f, v)| (*f, v))),
        _ => {}
    }
    let mut admitted = true;
    for (field, value) in values {
        let Some(declared) = record.field(field) else { return Fit::Newer("含有本版本不认识的栏目") };
        admitted &= declared.kind.admits(value);
    }
    if record.shape != shape {
        Fit::Unfit("对这种记录不能做这种操作")
    } else if !sound {
        Fit::Unfit("引用了还不存在的内容")
    } else if !admitted {
        Fit::Unfit("值与栏目类型不符")
    } else {
        Fit::Fine
    }
}
