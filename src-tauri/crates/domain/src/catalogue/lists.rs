//! 县级名单与规则.

use chrono::NaiveDate;

use super::declare::record;

record! {
    /// A list or rule the county keeps for everybody: disease lists, intervals of follow-up, benefits, holidays, thresholds of
    /// checking, renamed villages. The body is a table of text.
    CountyList = 22, "county_list", "县级名单与规则", State, index [] {
        @since 2 {
            kind: String [Code("list_kind")] = 1, "种类", CountyOnly, Open;
            name: String [Text] = 2, "名称", CountyOnly, Open;
            version: String [Text] = 3, "版本", CountyOnly, Open;
            effective_from: NaiveDate [Date] = 4, "起用", CountyOnly, Open;
            effective_until: NaiveDate [Date] = 5, "停用", CountyOnly, Open;
            body: String [Text] = 6, "正文", CountyOnly, Open;
            source: String [Text] = 7, "依据", CountyOnly, Open;
            unverified: bool [Bool] = 8, "待核实", CountyOnly, Open;
            deleted: bool [Bool] = 9, "已删除", CountyOnly, Open;
        }
    }
}
