-- The log and what only this installation knows. Projection tables are generated from the catalogue, not migrated.
create table meta (
    key text primary key,
    value blob not null
) without rowid;

-- genesis is null while a log is known from references only; own = 1: this installation writes it.
create table log (
    no integer primary key,
    id blob not null unique,
    genesis blob,
    role text not null,
    own integer not null default 0,
    device text not null default '',
    head_seq integer not null default 0,
    head_hash blob
);

-- status: 0 named by others only, 1 applied, 2 held behind a gap, 3 deferred to a newer version, 4 refused.
-- hash is the first half of the entry hash, which references carry; tail is the other half.
create table entry (
    id integer primary key,
    log_no integer not null,
    seq integer not null,
    hash blob not null,
    tail blob,
    prev blob,
    hlc integer not null default 0,
    actor integer not null default 0,
    action text not null default '',
    rosters integer not null default 0,
    origin integer,
    status integer not null,
    reason text,
    received_at integer not null default 0,
    bytes blob,
    unique (log_no, seq, hash)
);
create index entry_status on entry (status);

create table entry_record (
    record blob not null,
    record_type integer not null,
    entry integer not null,
    primary key (record, record_type, entry)
) without rowid;

create table roster (
    log_no integer not null,
    position integer not null,
    entry integer not null,
    operator blob not null,
    name text not null,
    role text not null,
    primary key (log_no, position, entry)
) without rowid;

create table secret (
    name text primary key,
    value blob not null
) without rowid;

create table import_log (
    id integer primary key,
    bundle blob not null,
    file_hash blob not null unique,
    sender text not null,
    received_at integer not null,
    entries integer not null,
    fresh integer not null,
    duplicate integer not null,
    held integer not null,
    deferred integer not null,
    unapplied integer not null,
    details text not null
);

create table export_log (
    id integer primary key,
    bundle blob not null unique,
    file_hash blob not null,
    recipient text not null,
    created_at integer not null,
    entries integer not null,
    size integer not null,
    details text not null
);

create table quarantine (
    id integer primary key,
    file_hash blob not null,
    file_name text not null,
    sender text not null,
    received_at integer not null,
    code text not null,
    reason text not null,
    retired_at integer,
    retired_by text,
    retired_reason text
);
create index quarantine_file on quarantine (file_hash);
