//! 活动、专项工作与报送. They lie where their division code says.

use chrono::NaiveDate;

use super::declare::record;
use crate::id::RecordId;
use crate::value::CodeSet;

record! {
    /// One activity (扶贫日, 双送, 义诊, 巡回医疗) with the numbers of its table (D.10).
    Activity = 33, "activity", "活动", State, index ["village", "area"] {
        @since 2 {
            area: String [Text] = 1, "区划代码", Contact, Open;
            village: RecordId [Ref(15)] = 2, "村", Contact, Open;
            kind: String [Code("activity_kind")] = 3, "活动类别", Contact, Open;
            held_on: NaiveDate [Date] = 4, "日期", Contact, Open;
            ended_on: NaiveDate [Date] = 5, "结束日期", Contact, Open;
            place: String [Text] = 6, "地点", Contact, Open;
            staff: i64 [Int] = 7, "参加医务人员", Contact, Open;
            households: i64 [Int] = 8, "入户户数", Contact, Open;
            people: i64 [Int] = 9, "服务人数", Contact, Open;
            poor_people: i64 [Int] = 10, "其中建档立卡", Contact, Open;
            checked: i64 [Int] = 11, "签约核对", Contact, Open;
            signed: i64 [Int] = 12, "新签", Contact, Open;
            sessions: i64 [Int] = 13, "健康教育场次", Contact, Open;
            attendances: i64 [Int] = 14, "健康教育人次", Contact, Open;
            copies: i64 [Int] = 15, "资料份数", Contact, Open;
            tcm: i64 [Int] = 16, "中医保健人次", Contact, Open;
            eugenics: i64 [Int] = 17, "优生优育人次", Contact, Open;
            exams: i64 [Int] = 18, "健康体检人次", Contact, Open;
            old_exams: i64 [Int] = 19, "其中65岁以上", Contact, Open;
            managed: i64 [Int] = 20, "健康管理人数", Contact, Open;
            leaders: i64 [Int] = 21, "走访领导人次", Contact, Open;
            condolence: String [Text] = 22, "慰问", Contact, Open;
            pictures: i64 [Int] = 23, "图片数", Contact, Open;
            campaign: RecordId [Ref(34)] = 24, "专项工作", Contact, Open;
            note: String [Text] = 25, "备注", Contact, Open;
            deleted: bool [Bool] = 26, "已删除", Contact, Open;
        }
    }
}

record! {
    /// A dated piece of work with its crowd, its target and whom it is reported to.
    Campaign = 34, "campaign", "专项工作", State, index ["area"] {
        @since 2 {
            area: String [Text] = 1, "区划代码", Contact, Open;
            name: String [Text] = 2, "名称", Contact, Open;
            kind: String [Code("campaign_kind")] = 3, "类别", Contact, Open;
            starts_on: NaiveDate [Date] = 4, "开始", Contact, Open;
            due_on: NaiveDate [Date] = 5, "截止", Contact, Open;
            recipient: String [Text] = 6, "报送单位", Contact, Open;
            requirement: String [Text] = 7, "要求", Contact, Open;
            crowds: CodeSet [Codes("crowd")] = 8, "对象", Contact, Open;
            target_percent: i64 [Int] = 9, "目标 %", Contact, Open;
            electronic: bool [Bool] = 10, "报电子版", Contact, Open;
            sealed: bool [Bool] = 11, "报纸质盖章件", Contact, Open;
            closed_on: NaiveDate [Date] = 12, "完成日期", Contact, Open;
            deleted: bool [Bool] = 13, "已删除", Contact, Open;
        }
    }
}

record! {
    /// One report that is due or was sent: when, to whom, which file.
    Submission = 35, "submission", "报送", State, index ["area", "campaign"] {
        @since 2 {
            area: String [Text] = 1, "区划代码", Contact, Open;
            campaign: RecordId [Ref(34)] = 2, "专项工作", Contact, Open;
            name: String [Text] = 3, "报表名称", Contact, Open;
            period: String [Text] = 4, "期间", Contact, Open;
            due_on: NaiveDate [Date] = 5, "期限", Contact, Open;
            sent_on: NaiveDate [Date] = 6, "电子版报送日期", Contact, Open;
            sealed_on: NaiveDate [Date] = 7, "纸质件送出日期", Contact, Open;
            recipient: String [Text] = 8, "报送单位", Contact, Open;
            file: String [Text] = 9, "文件名", Contact, Open;
            digest: String [Text] = 10, "文件 SHA-256", Contact, Open;
            note: String [Text] = 11, "备注", Contact, Open;
            deleted: bool [Bool] = 12, "已删除", Contact, Open;
        }
    }
}
