-- What people decided about entries that were received and not taken in: left out (taken = 0) or taken in after all
-- (taken = 1). Who and why also stand in this installation's own log; an entry taken in by itself has neither.
create table verdict (
    entry integer primary key,
    taken integer not null,
    at integer not null,
    who text not null default '',
    why text not null default ''
);
