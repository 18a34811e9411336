//! 乌兰察布's rules as a careful clerk would build them in a spreadsheet: one row a bill, sorted by person and date, the year
//! so far carried down from the row above. In fen, so that no binary fraction spoils a rounding.

use std::fs;
use std::path::Path;

use rust_xlsxwriter::{Formula, Workbook, utility::column_number_to_name};

use crate::Result;
use crate::sample::COLUMNS;

/// Columns after the bill's own. `{name}` is a cell of this row, `{^name}` of the row above.
const FORMULAS: &[(&str, &str)] = &[
    ("same", "IF({person}={^person},1,0)"),
    ("covered", r#"IF({referral}="unreferred",0,1)"#),
    ("first", "{total}-{ownpay}-{overlimit}-{preselfpay}"),
    ("elsewhere", r#"ROUND({first}*IF({area}="province",15,IF({area}="outside",20,0))/100,0)"#),
    ("scope", "{first}-{elsewhere}"),
    ("stays", "IF({same}=1,{^stays}+{^covered},0)"),
    ("deductible", r#"IF(AND({identity}="registered_poor",{stays}>=1),0,MAX(0,120000-10000*{stays}))"#),
    (
        "basic_given",
        "ROUND((MAX(0,MIN({scope},3000000)-{deductible})*65+MAX(0,MIN({scope},7000000)-MAX(3000000,{deductible}))*70\
         +MAX(0,MIN({scope},20000000)-MAX(7000000,{deductible}))*75+MAX(0,{scope}-MAX(20000000,{deductible}))*80)/100,0)",
    ),
    ("basic_used", "IF({same}=1,{^basic_used}+{^basic},0)"),
    ("basic_paid", "IF({covered}=1,MIN({basic_given},MAX(0,16000000-{basic_used})),0)"),
    ("self", "{scope}-{basic_paid}"),
    ("self_before", "IF({same}=1,{^self_before}+IF({^covered}=1,{^self},0),0)"),
    ("threshold", r#"IF({identity}="registered_poor",700000,1400000)"#),
    ("rate", r#"IF({identity}="registered_poor",65,60)"#),
    (
        "critical_given",
        "ROUND(MAX(0,{self_before}+{self}-{threshold})*{rate}/100,0)-ROUND(MAX(0,{self_before}-{threshold})*{rate}/100,0)",
    ),
    ("critical_used", "IF({same}=1,{^critical_used}+{^critical},0)"),
    (
        "critical_paid",
        r#"IF({covered}=1,MIN({critical_given},{self},IF({identity}="registered_poor",{self},MAX(0,50000000-{critical_used}))),0)"#,
    ),
    ("after_critical", "{self}-{critical_paid}"),
    ("poorest", r#"OR({identity}="extreme_poverty",{identity}="orphan")"#),
    (
        "small_given",
        r#"IF(AND({total}<=3000000,OR({poorest},{identity}="subsistence")),ROUND({after_critical}*IF({poorest},100,70)/100,0),0)"#,
    ),
    ("small_used", "IF({same}=1,{^small_used}+{^small},0)"),
    ("small_paid", "IF({covered}=1,MIN({small_given},MAX(0,1000000-{small_used})),0)"),
    ("after_small", "{after_critical}-{small_paid}"),
    (
        "large_given",
        r#"IF(AND({total}>3000000,{identity}<>"ordinary"),ROUND({after_small}*IF({poorest},100,80)/100,0),0)"#,
    ),
    ("large_used", "IF({same}=1,{^large_used}+{^large},0)"),
    ("large_paid", "IF({covered}=1,MIN({large_given},MAX(0,10000000-{large_used})),0)"),
    ("after_large", "{after_small}-{large_paid}"),
    (
        "government_given",
        "IF({total}>3000000,ROUND((MIN({after_large},3000000)*40+MAX(0,MIN({after_large},5000000)-3000000)*50\
         +MAX(0,{after_large}-5000000)*60)/100,0),0)",
    ),
    ("government_used", "IF({same}=1,{^government_used}+{^government},0)"),
    ("government_paid", "IF({covered}=1,MIN({government_given},MAX(0,5000000-{government_used})),0)"),
    ("over", "MAX(0,{basic_paid}+{critical_paid}+{small_paid}+{large_paid}+{government_paid}-INT({total}*90/100))"),
    ("government", "MAX(0,{government_paid}-{over})"),
    ("over_large", "{over}-({government_paid}-{government})"),
    ("large", "MAX(0,{large_paid}-{over_large})"),
    ("over_small", "{over_large}-({large_paid}-{large})"),
    ("small", "MAX(0,{small_paid}-{over_small})"),
    ("over_critical", "{over_small}-({small_paid}-{small})"),
    ("critical", "MAX(0,{critical_paid}-{over_critical})"),
    ("over_basic", "{over_critical}-({critical_paid}-{critical})"),
    ("basic", "MAX(0,{basic_paid}-{over_basic})"),
    ("personal", "{total}-{basic}-{critical}-{small}-{large}-{government}"),
];

/// What is compared with the engine, in the pack's order.
const RESULTS: [&str; 6] = ["basic", "critical", "small", "large", "government", "personal"];

/// Writes `formulas.xlsx`, and `values.xlsx`: as large, but with nothing to work out.
pub(crate) fn write(folder: &Path, rows: usize) -> Result<()> {
    let text = fs::read_to_string(folder.join("bills.tsv"))?;
    let bills: Vec<Vec<&str>> = text.lines().skip(1).take(rows).map(|line| line.split('\t').collect()).collect();
    for (name, formulas) in [("formulas", true), ("values", false)] {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let names: Vec<&str> =
            COLUMNS.into_iter().chain(FORMULAS.iter().map(|(name, _)| *name)).chain(RESULTS).collect();
        for (column, name) in (0..).zip(&names) {
            sheet.write(0, column, *name)?;
        }
        for (row, bill) in (1..).zip(&bills) {
            for (column, value) in (0..).zip(bill.iter().take(COLUMNS.len())) {
                match value.parse::<u32>() {
                    Ok(number) => sheet.write(row, column, number)?,
                    Err(_) => sheet.write(row, column, *value)?,
                };
            }
            let results = RESULTS.map(|name| format!("{{{name}}}"));
            let cells = FORMULAS.iter().map(|(_, formula)| *formula).chain(results.iter().map(String::as_str));
            for (column, formula) in (8..).zip(cells) {
                if formulas {
                    sheet.write_formula(row, column, Formula::new(at_row(formula, &names, row)))?;
                } else {
                    sheet.write(row, column, 1_234_567)?;
                }
            }
        }
        book.save(folder.join(format!("{name}.xlsx")))?;
    }
    println!("  {} 行，每行 {} 个公式", bills.len(), FORMULAS.len() + RESULTS.len());
    Ok(())
}

/// A template with its names turned into cells.
fn at_row(formula: &str, names: &[&str], row: u32) -> String {
    let mut written = String::from("=");
    let mut rest = formula;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let (name, row) = name.strip_prefix('^').map_or((name, row + 1), |above| (above, row));
        let place = names.iter().position(|known| *known == name).unwrap_or_default();
        written.push_str(before);
        written.push_str(&column_number_to_name(u16::try_from(place).unwrap_or_default()));
        written.push_str(&row.to_string());
        rest = after;
    }
    written + rest
}
