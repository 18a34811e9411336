-- A household's shares lie together: they are replaced whenever it is worked out again. Derived, so they are worked out anew.
drop table share;
create table share (
    household blob not null,
    indicator text not null,
    done integer not null,
    whole integer not null,
    excluded integer not null,
    primary key (household, indicator)
) without rowid;
insert or ignore into stale values (x'');
