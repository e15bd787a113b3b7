-- What postgresSchema() of frontbell/postgres returns, and migrate() runs.

create schema if not exists frontbell;

-- The live generation of a desk. The row stays when the desk is erased, so that no node brings the desk back.
create table if not exists frontbell.desk (
  desk text primary key,
  generation bigint not null default 1,
  listed boolean not null default true
);

-- Versions 1, 2, 3 … of each desk. The payload is text and not jsonb, because the hash is one over its bytes.
create table if not exists frontbell.entry (
  desk text not null,
  generation bigint not null,
  v bigint not null,
  h text not null,
  t bigint not null,
  payload text not null,
  primary key (desk, generation, v)
);

-- Since when the nodes of a desk know which incarnation of the server, and which node needs a snapshot until when.
alter table frontbell.desk add column if not exists incarnation text;
alter table frontbell.desk add column if not exists incarnation_since bigint;
alter table frontbell.desk add column if not exists needs_snapshot text;
alter table frontbell.desk add column if not exists needs_snapshot_until bigint;

-- Until when each node of a desk is known to live, in milliseconds of this server's clock. On the roll are the nodes
-- that have the desk open, each with the incarnation in which it has put back what it holds.
create table if not exists frontbell.heartbeat (
  desk text not null,
  generation bigint not null,
  node text not null,
  until bigint not null,
  primary key (desk, generation, node)
);
alter table frontbell.heartbeat add column if not exists roll_until bigint not null default 0;
alter table frontbell.heartbeat add column if not exists synced_in text not null default '';

-- Identifies this server's incarnation. Unlogged: a crash empties it, and a standby that takes over never had it, so
-- that writers notice either before they write where entries may be lost.
create unlogged table if not exists frontbell.incarnation (
  one boolean primary key default true check (one),
  id text not null default md5(random()::text || clock_timestamp()::text)
);

-- Which writer has the turn (kind turn), which ones wait for it (wait), and until when there is no new one (free), in
-- milliseconds of this server's clock. Unlogged: after a crash there is no turn.
create unlogged table if not exists frontbell.turn (
  desk text not null,
  generation bigint not null,
  kind text not null,
  writer text not null,
  since bigint not null,
  until bigint not null,
  primary key (desk, generation, kind, writer)
);

create table if not exists frontbell.snapshot (
  desk text not null,
  generation bigint not null,
  v bigint not null,
  h text not null,
  t bigint not null,
  schema integer not null,
  state text not null,
  primary key (desk, generation)
);

-- Records that a writer waits for a turn; whether it has it now. The rules of WriterTurns; the desk is locked.
create or replace function frontbell.request_turn(
  of_desk text, of_generation bigint, of_writer text, turn_ms bigint, now_ms bigint
) returns boolean
language plpgsql as $$
declare waits_since bigint; own_ms bigint := least(turn_ms, 1000); holder text; taken_ms bigint;
begin
  if turn_ms is null or of_writer = '' then return false; end if;
  delete from frontbell.turn r where r.desk = of_desk and r.generation = of_generation
    and r.until - now_ms not between 1 and 5000;
  select r.writer, r.until - now_ms into holder, taken_ms from frontbell.turn r
    where r.desk = of_desk and r.generation = of_generation and r.kind = 'turn';
  if holder = of_writer then return true; end if;
  insert into frontbell.turn as r values (of_desk, of_generation, 'wait', of_writer, now_ms,
      now_ms + coalesce(taken_ms, 0) + 4 * own_ms)
    on conflict (desk, generation, kind, writer) do update set until = excluded.until
    returning r.since into waits_since;
  if holder is not null or exists (
    select 1 from frontbell.turn r where r.desk = of_desk and r.generation = of_generation and (
      r.kind = 'free' or r.kind = 'wait' and (r.since, r.writer) < (waits_since, of_writer)
    )
  ) then return false; end if;
  delete from frontbell.turn r
    where r.desk = of_desk and r.generation = of_generation and r.kind = 'wait' and r.writer = of_writer;
  insert into frontbell.turn values
    (of_desk, of_generation, 'turn', of_writer, now_ms, now_ms + own_ms),
    (of_desk, of_generation, 'free', '', now_ms, now_ms + own_ms + 50);
  return true;
end $$;

-- Records that a writer has appended: its turn ends, and it waits for none.
create or replace function frontbell.end_turn(
  of_desk text, of_generation bigint, of_writer text, now_ms bigint
) returns void
language plpgsql as $$
declare has_turn boolean;
begin
  has_turn := exists (select 1 from frontbell.turn r
    where r.desk = of_desk and r.generation = of_generation and r.kind = 'turn' and r.writer = of_writer);
  delete from frontbell.turn r where r.desk = of_desk and r.generation = of_generation and (
    r.writer = of_writer or r.until - now_ms not between 1 and 5000
  );
  if has_turn then
    update frontbell.turn r set until = now_ms + 50
      where r.desk = of_desk and r.generation = of_generation and r.kind = 'free';
  end if;
end $$;

create or replace function frontbell.hash_of(before text, t bigint, payload text) returns text
language sql immutable as $$
  select encode(sha256(convert_to(before || '|' || t || '|' || payload, 'UTF8')), 'hex')
$$;

-- Opens a desk: its live generation, 1 for a new one.
create or replace function frontbell.open_desk(of_desk text) returns bigint
language plpgsql as $$
begin
  insert into frontbell.desk as d (desk) values (of_desk) on conflict (desk) do nothing;
  update frontbell.desk d set listed = true where d.desk = of_desk and not d.listed;
  return (select d.generation from frontbell.desk d where d.desk = of_desk);
end $$;

-- Locks a desk until the end of the transaction; false when this generation was erased.
create or replace function frontbell.lock_desk(of_desk text, of_generation bigint) returns boolean
language plpgsql as $$
declare live bigint;
begin
  select d.generation into live from frontbell.desk d where d.desk = of_desk for update;
  if not found then
    insert into frontbell.desk (desk, generation) values (of_desk, of_generation) on conflict (desk) do nothing;
    select d.generation into live from frontbell.desk d where d.desk = of_desk for update;
  end if;
  return live = of_generation;
end $$;

-- The newest entry's position; the snapshot's when that is further on, which happens only after a loss of data.
create or replace function frontbell.head_of(of_desk text, of_generation bigint, out v bigint, out h text, out t bigint)
language sql stable as $$
  select p.v, p.h, p.t from (
    (select e.v, e.h, e.t, 1 as rank from frontbell.entry e
      where e.desk = of_desk and e.generation = of_generation order by e.v desc limit 1)
    union all
    select s.v, s.h, s.t, 2 from frontbell.snapshot s where s.desk = of_desk and s.generation = of_generation
    union all
    select 0, '', 0, 3
  ) p order by p.v desc, p.rank limit 1
$$;

-- This server since its last start or crash: another one may have lost entries.
create or replace function frontbell.server_incarnation() returns text
language plpgsql as $$
declare incarnation text;
begin
  select i.id into incarnation from frontbell.incarnation i;
  if not found then
    insert into frontbell.incarnation default values on conflict (one) do nothing;
    select i.id into incarnation from frontbell.incarnation i;
  end if;
  return incarnation || ' ' || trunc(extract(epoch from pg_postmaster_start_time()) * 1000)::bigint;
end $$;

-- Appends one entry when the head is the one that the writer expects, on the server incarnation that it knows ('' for
-- any). status: appended (v, h, t, payload: incarnation) | restarted (payload: incarnation) | early (t) | diverged
-- | erased | deferred (t: milliseconds) | conflict or conflict with turn, with the entries from the expected version on
create or replace function frontbell.append(
  of_desk text, of_generation bigint, expected_v bigint, expected_h text,
  not_before bigint, new_payload text, missed_max integer, notifies boolean, known_incarnation text,
  of_writer text, turn_ms bigint
) returns table (status text, v bigint, h text, t bigint, payload text)
language plpgsql as $$
declare last record; now_ms bigint; new_h text; taken_ms bigint; has_turns boolean;
  has_turn boolean; is_complete boolean; conflict text := 'conflict';
  incarnation text := frontbell.server_incarnation();
  clock_ms bigint;
begin
  if known_incarnation <> '' and known_incarnation <> incarnation then
    return query select 'restarted', null::bigint, null::text, null::bigint, incarnation;
    return;
  end if;
  if not frontbell.lock_desk(of_desk, of_generation) then
    return query select 'erased', null::bigint, null::text, null::bigint, null::text;
    return;
  end if;
  clock_ms := trunc(extract(epoch from clock_timestamp()) * 1000);
  select * into last from frontbell.head_of(of_desk, of_generation);
  if expected_v > last.v or (expected_v = last.v and expected_h <> last.h) or exists (
    select 1 from frontbell.entry e
    where e.desk = of_desk and e.generation = of_generation and e.v = expected_v and e.h <> expected_h
  ) then
    return query select 'diverged', null::bigint, null::text, null::bigint, null::text;
    return;
  end if;
  if expected_v < last.v then
    is_complete := last.v - expected_v <= missed_max;
    has_turn := frontbell.request_turn(
      of_desk, of_generation, of_writer, turn_ms * case when is_complete then 1 else 2 end, clock_ms);
    if has_turn and is_complete then conflict := 'conflict with turn'; end if;
    return query select conflict, e.v, e.h, e.t, e.payload from frontbell.entry e
      where e.desk = of_desk and e.generation = of_generation and e.v >= expected_v order by e.v limit missed_max + 1;
    if not found then return query select conflict, null::bigint, null::text, null::bigint, null::text; end if;
    return;
  end if;
  has_turns := exists (select 1 from frontbell.turn r where r.desk = of_desk and r.generation = of_generation);
  if has_turns then
    select r.until - clock_ms into taken_ms from frontbell.turn r
      where r.desk = of_desk and r.generation = of_generation and r.kind = 'turn' and r.writer <> of_writer;
    if taken_ms between 1 and 1000 then
      perform frontbell.request_turn(of_desk, of_generation, of_writer, turn_ms, clock_ms);
      return query select 'deferred', null::bigint, null::text, taken_ms, null::text;
      return;
    end if;
  end if;
  now_ms := greatest(last.t, clock_ms);
  if not_before is not null and now_ms < not_before then
    return query select 'early', null::bigint, null::text, now_ms, null::text;
    return;
  end if;
  new_h := frontbell.hash_of(last.h, now_ms, new_payload);
  insert into frontbell.entry values (of_desk, of_generation, last.v + 1, new_h, now_ms, new_payload);
  if notifies then perform pg_notify('frontbell', of_desk || ' ' || last.v + 1); end if;
  if has_turns then perform frontbell.end_turn(of_desk, of_generation, of_writer, clock_ms); end if;
  return query select 'appended', last.v + 1, new_h, now_ms, incarnation;
end $$;

-- Puts back entries that the server lost, verbatim, right after the head; compares those that are there already.
-- status: restored | erased | gap | differs | broken, with the version concerned; only the first writes
create or replace function frontbell.restore(
  of_desk text, of_generation bigint, entries json, notifies boolean, out status text, out v bigint
)
language plpgsql as $$
declare last record; first_v bigint; lost record; held text;
begin
  status := 'erased';
  if not frontbell.lock_desk(of_desk, of_generation) then return; end if;
  select * into last from frontbell.head_of(of_desk, of_generation);
  first_v := last.v;
  for lost in
    select x.* from json_to_recordset(entries) as x(v bigint, h text, t bigint, payload text) order by x.v
  loop
    v := lost.v;
    if lost.v <= first_v then
      select e.h into held from frontbell.entry e
        where e.desk = of_desk and e.generation = of_generation and e.v = lost.v;
      if (found and held <> lost.h) or (lost.v = first_v and last.h <> lost.h) then status := 'differs'; return; end if;
    else
      if lost.v <> last.v + 1 then status := 'gap'; v := first_v; return; end if;
      if lost.t < last.t or lost.h <> frontbell.hash_of(last.h, lost.t, lost.payload) then
        status := 'broken';
        return;
      end if;
      select lost.v, lost.h, lost.t into last;
    end if;
  end loop;
  insert into frontbell.entry
    select of_desk, of_generation, x.v, x.h, x.t, x.payload
    from json_to_recordset(entries) as x(v bigint, h text, t bigint, payload text) where x.v > first_v;
  if notifies then perform pg_notify('frontbell', of_desk); end if;
  status := 'restored';
end $$;

-- Keeps a snapshot of a position that the store holds, and removes the entries far behind it; an empty store accepts any.
-- saved | older | foreign | erased
create or replace function frontbell.save_snapshot(
  of_desk text, of_generation bigint, at_v bigint, at_h text, at_t bigint,
  new_schema integer, new_state text, oldest_kept bigint
) returns text
language plpgsql as $$
declare last record;
begin
  if not frontbell.lock_desk(of_desk, of_generation) then return 'erased'; end if;
  select * into last from frontbell.head_of(of_desk, of_generation);
  if exists (
    select 1 from frontbell.snapshot s where s.desk = of_desk and s.generation = of_generation and s.v >= at_v
  ) then return 'older'; end if;
  if last.v > 0 and not exists (
    select 1 from frontbell.entry e
    where e.desk = of_desk and e.generation = of_generation and e.v = at_v and e.h = at_h
  ) then return 'foreign'; end if;
  insert into frontbell.snapshot as s values (of_desk, of_generation, at_v, at_h, at_t, new_schema, new_state)
    on conflict (desk, generation) do update
    set v = excluded.v, h = excluded.h, t = excluded.t, schema = excluded.schema, state = excluded.state;
  delete from frontbell.entry e where e.desk = of_desk and e.generation = of_generation and e.v < oldest_kept;
  update frontbell.desk d set needs_snapshot = null where d.desk = of_desk and d.needs_snapshot is not null;
  return 'saved';
end $$;

-- Records a node's heartbeat and that it has the desk open, and reads those of other nodes. status: recorded (t, alive,
-- server, age_ms, nodes: [[node, is synced], …], is_snapshot_needed) | erased
create or replace function frontbell.record_heartbeat(
  of_desk text, of_generation bigint, of_node text, for_ms bigint, others json,
  is_synced_in text, remembered json, needs boolean, leaves boolean, notifies boolean,
  out status text, out t bigint, out alive json, out server text, out age_ms bigint, out nodes json,
  out is_snapshot_needed boolean
)
language plpgsql as $$
declare last record; known record;
begin
  status := 'erased';
  if exists (select 1 from frontbell.desk d where d.desk = of_desk and d.generation <> of_generation) then
    return;
  end if;
  select * into last from frontbell.head_of(of_desk, of_generation);
  t := greatest(last.t, trunc(extract(epoch from clock_timestamp()) * 1000)::bigint);
  server := frontbell.server_incarnation();
  select d.incarnation, d.incarnation_since, d.needs_snapshot, d.needs_snapshot_until into known
    from frontbell.desk d where d.desk = of_desk;
  if known.incarnation is distinct from server then
    update frontbell.desk d set incarnation = server, incarnation_since = t
      where d.desk = of_desk and d.incarnation is distinct from server;
    age_ms := 0;
  else
    age_ms := greatest(0, t - known.incarnation_since);
  end if;
  if age_ms < for_ms then
    insert into frontbell.heartbeat
      select of_desk, of_generation, x.node, 0, t + 15 * for_ms from json_array_elements_text(remembered) as x(node)
      order by x.node
      on conflict (desk, generation, node) do nothing;
  end if;
  insert into frontbell.heartbeat as b
    values (of_desk, of_generation, of_node, t + for_ms, case when leaves then 0 else t + 15 * for_ms end, is_synced_in)
    on conflict (desk, generation, node)
    do update set until = case when leaves then b.until else excluded.until end,
      roll_until = excluded.roll_until, synced_in = excluded.synced_in;
  delete from frontbell.heartbeat b
    where b.desk = of_desk and b.generation = of_generation and b.until < t - 86400000 and b.roll_until < t;
  alive := coalesce((
    select json_agg(b.node) from frontbell.heartbeat b
    where b.desk = of_desk and b.generation = of_generation and b.until > t
      and b.node in (select json_array_elements_text(others))
  ), '[]');
  nodes := coalesce((
    select json_agg(json_build_array(b.node, b.synced_in = server) order by b.node) from frontbell.heartbeat b
    where b.desk = of_desk and b.generation = of_generation and b.roll_until > t and b.node <> of_node
  ), '[]');
  is_snapshot_needed := coalesce(known.needs_snapshot <> of_node and known.needs_snapshot_until > t, false)
    or (select min(e.v) from frontbell.entry e where e.desk = of_desk and e.generation = of_generation) > 1 + coalesce((
      select s.v from frontbell.snapshot s where s.desk = of_desk and s.generation = of_generation
    ), 0);
  is_snapshot_needed := coalesce(is_snapshot_needed, false);
  if needs then
    update frontbell.desk d set needs_snapshot = of_node, needs_snapshot_until = t + for_ms where d.desk = of_desk;
    if notifies and coalesce(known.needs_snapshot_until, 0) <= t then perform pg_notify('frontbell', of_desk); end if;
  end if;
  status := 'recorded';
end $$;

-- Erases a desk and makes the next generation the live one.
create or replace function frontbell.erase_desk(of_desk text) returns void
language plpgsql as $$
begin
  insert into frontbell.desk (desk) values (of_desk) on conflict (desk) do nothing;
  update frontbell.desk d set generation = d.generation + 1, listed = false where d.desk = of_desk;
  delete from frontbell.entry e where e.desk = of_desk;
  delete from frontbell.snapshot s where s.desk = of_desk;
  delete from frontbell.heartbeat b where b.desk = of_desk;
  delete from frontbell.turn r where r.desk = of_desk;
end $$;
