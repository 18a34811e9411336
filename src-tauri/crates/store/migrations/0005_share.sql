-- How far each household counts in a share of the desk: worked out together with what is to be done, and as often.
create table share (
    indicator text not null,
    household blob not null,
    done integer not null,
    whole integer not null,
    excluded integer not null,
    primary key (indicator, household)
) without rowid;
