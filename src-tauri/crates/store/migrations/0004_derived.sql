-- What is to be done, worked out from the register and the day: one row a reason. Nothing in here is anybody's word, so it
-- never travels and may be worked out again at any time. Who or what a row is not about stands as an empty blob.
create table todo (
    item text not null,
    household blob not null,
    person blob not null,
    record_type integer not null,
    record blob not null,
    detail text not null,
    village blob not null,
    due text,
    amount integer,
    severity integer not null,
    primary key (item, household, person, record, detail)
) without rowid;
create index todo_household on todo (household);
create index todo_village on todo (item, village);

-- Households of which what is to be done must be worked out again; an empty blob stands for all of them.
create table stale (
    household blob primary key
) without rowid;

-- Lists of other offices as they came: compared here, never sent on.
create table outside_list (
    id integer primary key,
    source text not null,
    as_of text,
    file text not null,
    digest blob not null,
    taken_at integer not null,
    people integer not null
);

create table outside_person (
    list integer not null,
    no integer not null,
    household_number text,
    name text,
    name_key text,
    citizen_id text,
    birth text,
    village text,
    status text,
    causes text,
    health text,
    illness text,
    extra text,
    primary key (list, no)
) without rowid;
create index outside_person_id on outside_person (list, citizen_id);
create index outside_person_name on outside_person (list, name_key);
