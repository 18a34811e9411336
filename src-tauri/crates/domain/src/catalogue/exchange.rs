//! 操作员与设备.

use chrono::NaiveDate;

use super::declare::record;

record! {
    /// Somebody who works here. The password never leaves the PC and is no part of this record.
    Operator = 16, "operator", "操作员", State, index ["login"] {
        login: String [Text] = 1, "登录名", Contact, Personal;
        name: String [Text] = 2, "姓名", Contact, Personal;
        role: String [Code("role")] = 3, "角色", Contact, Open;
        disabled: bool [Bool] = 4, "已停用", Contact, Open;
    }
}

record! {
    /// A PC of the county's exchange, as enrolled by the county.
    Device = 17, "device", "设备", State, index ["area"] {
        name: String [Text] = 1, "名称", CountyOnly, Open;
        area: String [Text] = 2, "区划代码", CountyOnly, Open;
        signing_key: String [Text] = 3, "签名公钥", CountyOnly, Open;
        certificate_serial: i64 [Int] = 4, "证书序号", CountyOnly, Open;
        enrolled_on: NaiveDate [Date] = 5, "入网日期", CountyOnly, Open;
        revoked_on: NaiveDate [Date] = 6, "停用日期", CountyOnly, Open;
    }
}
