-- A feed asks of every entry whether it has re-stated it already.
create index entry_origin on entry (origin) where origin is not null;
