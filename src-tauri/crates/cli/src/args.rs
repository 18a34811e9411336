//! The command line in Chinese, with examples.

use std::path::PathBuf;

use clap::{ArgAction, Args, Command, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

const TEMPLATE: &str = "{about}\n\n用法：{usage}\n\n{all-args}{after-help}";

/// Headings in Chinese for a command and everything below it.
fn in_chinese(command: Command) -> Command {
    let command = command
        .help_template(TEMPLATE)
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令")
        .disable_help_subcommand(true)
        .mut_args(|argument| {
            let heading = if argument.is_positional() { "参数" } else { "选项" };
            let listed = argument.get_action().takes_values();
            let argument = argument.help_heading(heading);
            if listed { argument.hide_possible_values(true) } else { argument }
        });
    command.mut_subcommands(in_chinese)
}

/// Reads the command line; answers `--help` and mistakes itself.
pub(crate) fn read() -> Arguments {
    let matches = in_chinese(Arguments::command()).get_matches();
    Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

/// 明白账的命令行.
#[derive(Debug, Parser)]
#[command(
    name = "mingbai",
    version,
    about = "明白账：乡镇卫生院健康帮扶登记，不联网。命令行能做窗口里的一切",
    disable_help_flag = true,
    disable_help_subcommand = true,
    disable_version_flag = true,
    after_help = "示例：\n  \
        mingbai demo 演示                                   生成演示县并走完整流程\n  \
        MINGBAI_PASSWORD=… mingbai import --data 目录 roster 名单.csv --dry-run\n  \
        mingbai settle --pack 政策包.toml --bills 账单.json    不用数据库，只算账\n  \
        mingbai pack check 我县.toml                        检查政策包\n  \
        MINGBAI_PASSWORD=… mingbai call --data 目录 desk_get  任何命令，JSON 进 JSON 出\n\n\
        密码从环境变量 MINGBAI_PASSWORD 读取，登录名从 MINGBAI_LOGIN 读取（不设则用第一个操作员）。\n\
        出错时退出码为 1，标准输出是 {code, message, fields, detail, incident}。"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) verb: Verb,
    /// 显示帮助
    #[arg(short, long, global = true, action = ArgAction::Help)]
    help: Option<bool>,
    /// 显示版本
    #[arg(short = 'V', long, action = ArgAction::Version)]
    version: Option<bool>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// 首次设置一个单位的数据目录
    #[command(
        after_help = "示例：\n  MINGBAI_PASSWORD=… mingbai init --data 目录 --kind township --county 示范县 --unit 青石乡卫生院 --area 159901201 --name 王玉梅 --login wym"
    )]
    Init(Init),
    /// 执行任何一个命令：JSON 进，JSON 出
    #[command(
        after_help = "示例：\n  mingbai call --data 目录 setup_status\n  mingbai call --data 目录 search '{\"text\":\"zfs\",\"limit\":5}'\n  echo '{…}' | mingbai call --data 目录 record_save -"
    )]
    Call(Call),
    /// 导入表格（名单、筛查、签约、随访、参保、结算单）
    #[command(
        after_help = "示例：\n  mingbai import --data 目录 roster 名单.csv --dry-run\n  mingbai import --data 目录 bills 一站式结算.xlsx"
    )]
    Import(Import),
    /// 不用数据库，按政策包算账并说明每一步
    #[command(
        after_help = "示例：\n  mingbai settle --pack assets/packs/wulanchabu.toml --bills assets/packs/examples/E8-wulanchabu-registered-poor.json"
    )]
    Settle(Settle),
    /// 政策包：检查、说明、比较、验算，不用数据库
    #[command(subcommand)]
    Pack(Pack),
    /// 把一个村或一户的明白卡印成 PDF
    #[command(
        after_help = "示例：\n  mingbai cards --data 目录 --village 王庄村 --out 王庄.pdf\n  mingbai cards --data 目录 --village 王庄村 --changed --record"
    )]
    Cards(Cards),
    /// 生成一张官方报表（.xlsx）
    #[command(after_help = "示例：\n  mingbai report --data 目录 disease_by_village --out 患病情况.xlsx")]
    Report(Report),
    /// 数据包：导出、导入、查看
    #[command(subcommand)]
    Bundle(Bundle),
    /// 从日志重建每一张表并逐行比对
    Verify(Data),
    /// 生成演示县（一个县、两个乡镇）并走完整流程
    #[command(after_help = "示例：\n  mingbai demo 演示\n  mingbai demo 演示 --journey")]
    Demo(Demo),
}

/// Where the data lies.
#[derive(Debug, Args)]
pub(crate) struct Data {
    /// 数据目录
    #[arg(long, value_name = "目录")]
    pub(crate) data: PathBuf,
}

/// `init`.
#[derive(Debug, Args)]
pub(crate) struct Init {
    #[command(flatten)]
    pub(crate) data: Data,
    /// township（乡镇卫生院）或 county（县级）
    #[arg(long, value_enum)]
    pub(crate) kind: OfficeKind,
    /// 县名
    #[arg(long)]
    pub(crate) county: String,
    /// 单位名称
    #[arg(long)]
    pub(crate) unit: String,
    /// 区划代码：县6位，乡镇9位
    #[arg(long)]
    pub(crate) area: String,
    /// 操作员姓名
    #[arg(long)]
    pub(crate) name: String,
    /// 登录名
    #[arg(long)]
    pub(crate) login: String,
}

/// Which office.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum OfficeKind {
    /// 乡镇卫生院
    Township,
    /// 县级
    County,
}

/// `call`.
#[derive(Debug, Args)]
pub(crate) struct Call {
    #[command(flatten)]
    pub(crate) data: Data,
    /// 命令名，如 household_list
    pub(crate) name: String,
    /// 请求 JSON；“-” 从标准输入读；不写则为 {}
    pub(crate) request: Option<String>,
    /// 返回文件的命令写到这里
    #[arg(long, value_name = "文件")]
    pub(crate) out: Option<PathBuf>,
}

/// `import`.
#[derive(Debug, Args)]
pub(crate) struct Import {
    #[command(flatten)]
    pub(crate) data: Data,
    /// 表格种类：roster 名单，screening 筛查，contracts 签约，visits 随访，enrolments 参保，bills 结算单
    #[arg(value_enum)]
    pub(crate) kind: SheetKind,
    /// 文件
    pub(crate) file: PathBuf,
    /// 只看结果，不写入
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// 把有问题的行另存为 .xlsx
    #[arg(long, value_name = "文件")]
    pub(crate) problems: Option<PathBuf>,
}

/// Kinds of sheets.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SheetKind {
    /// 户档案名单
    Roster,
    /// 疾病筛查表
    Screening,
    /// 签约名单
    Contracts,
    /// 随访登记
    Visits,
    /// 参保名单
    Enrolments,
    /// 一站式结算单
    Bills,
    /// 体检登记表
    Exams,
    /// 残疾人名单
    Disabled,
    /// 救助对象名单
    Aid,
    /// 特慢病证名单
    Certificates,
    /// 重点人群名单
    Crowds,
    /// 健康状况核查表
    HealthCheck,
}

impl SheetKind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Roster => "roster",
            Self::Screening => "screening",
            Self::Contracts => "contracts",
            Self::Visits => "visits",
            Self::Enrolments => "enrolments",
            Self::Bills => "bills",
            Self::Exams => "exams",
            Self::Disabled => "disabled",
            Self::Aid => "aid",
            Self::Certificates => "certificates",
            Self::Crowds => "crowds",
            Self::HealthCheck => "health_check",
        }
    }
}

/// `settle`.
#[derive(Debug, Args)]
pub(crate) struct Settle {
    /// 政策包（TOML）
    #[arg(long, value_name = "文件")]
    pub(crate) pack: PathBuf,
    /// 账单（JSON）
    #[arg(long, value_name = "文件")]
    pub(crate) bills: PathBuf,
}

/// `pack`.
#[derive(Debug, Subcommand)]
pub(crate) enum Pack {
    /// 查出每一处写错、漏写的，说明哪些不是官方原文、哪些来源找不回、算例对不对、谁复核过
    #[command(
        after_help = "示例：\n  mingbai pack check assets/packs/*.toml\n  mingbai pack check 我县.toml --examples 算例"
    )]
    Check {
        /// 政策包（TOML），可以几个
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// 算例所在的文件夹；不写则用政策包旁边的 examples
        #[arg(long, value_name = "文件夹")]
        examples: Option<PathBuf>,
    },
    /// 用中文逐个支付方说明规定和条款；可另存复核表
    #[command(
        after_help = "示例：\n  mingbai pack explain assets/packs/beijing.toml\n  mingbai pack explain 我县.toml --sheet 复核表.pdf"
    )]
    Explain {
        /// 政策包（TOML）
        file: PathBuf,
        /// 把每个数字连同条款印成复核表（PDF），供两名复核人打勾签字
        #[arg(long, value_name = "文件")]
        sheet: Option<PathBuf>,
    },
    /// 逐项列出两个政策包的不同
    #[command(after_help = "示例：\n  mingbai pack diff 去年.toml 今年.toml")]
    Diff {
        /// 原来的
        old: PathBuf,
        /// 新的
        new: PathBuf,
    },
    /// 按政策包验算算例，应得和算出的并排；对不上时退出码为 1
    #[command(
        after_help = "示例：\n  mingbai pack example assets/packs/beijing.toml assets/packs/examples/E1-beijing-subsistence.json"
    )]
    Example {
        /// 政策包（TOML）
        file: PathBuf,
        /// 算例（JSON），可以几个
        #[arg(required = true)]
        cases: Vec<PathBuf>,
    },
}

/// `cards`.
#[derive(Debug, Args)]
pub(crate) struct Cards {
    #[command(flatten)]
    pub(crate) data: Data,
    /// 村名或村的编号
    #[arg(long)]
    pub(crate) village: Option<String>,
    /// 户编号
    #[arg(long)]
    pub(crate) household: Option<String>,
    /// 只印没有现行卡的户
    #[arg(long)]
    pub(crate) changed: bool,
    /// 登记发卡
    #[arg(long)]
    pub(crate) record: bool,
    /// 写到这里；不写则放在数据目录的“输出”里
    #[arg(long, value_name = "文件")]
    pub(crate) out: Option<PathBuf>,
}

/// `report`.
#[derive(Debug, Args)]
pub(crate) struct Report {
    #[command(flatten)]
    pub(crate) data: Data,
    /// 报表名；不写则列出
    pub(crate) key: Option<String>,
    /// 写到这里；不写则放在数据目录的“输出”里
    #[arg(long, value_name = "文件")]
    pub(crate) out: Option<PathBuf>,
}

/// `bundle`.
#[derive(Debug, Subcommand)]
pub(crate) enum Bundle {
    /// 把县里还没有确认的全部改动写成数据包（县级：发给一个乡镇）
    Export {
        #[command(flatten)]
        data: Data,
        /// 写到这个文件夹（U盘）
        folder: PathBuf,
        /// 县级：发给哪个乡镇（9位区划代码）
        #[arg(long)]
        area: Option<String>,
        /// 给本单位的另一台电脑，不给县里
        #[arg(long, conflicts_with = "area")]
        siblings: bool,
        /// 分成几份，每份不超过这么多 MB
        #[arg(long, value_name = "MB")]
        most: Option<i64>,
        /// 写成邮件草稿（.eml），每份一封；收件邮箱可以不写
        #[arg(long, value_name = "邮箱", num_args = 0..=1, default_missing_value = "")]
        mail: Option<String>,
    },
    /// 看U盘上有没有给本单位的数据包
    Drives {
        #[command(flatten)]
        data: Data,
    },
    /// 导入数据包，先看内容用 --preview
    Import {
        #[command(flatten)]
        data: Data,
        /// 数据包
        file: PathBuf,
        /// 只看谁发的、有什么，不导入
        #[arg(long)]
        preview: bool,
    },
    /// 不用密码，看一个文件是什么
    Inspect {
        /// 文件
        file: PathBuf,
    },
}

/// `demo`.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// 放在这个目录
    pub(crate) folder: PathBuf,
    /// 走完发卡、报表、数据交换和核对，并打印做了什么、放在哪里
    #[arg(long)]
    pub(crate) journey: bool,
}
