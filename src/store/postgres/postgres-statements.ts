import type { Statement } from './postgres-client'

/**
 * The statements of the store. `$1` is the desk, `$2` the generation; `status` is `erased` when it is not the live one.
 */

export const openDesk: Statement = {
  operation: 'open the store',
  text: 'select frontbell.open_desk($1) as generation, frontbell.server_incarnation() as incarnation',
}

export const append: Statement = {
  operation: 'append an entry',
  text: `select * from frontbell.append($1, $2::bigint, $3::bigint, $4, $5::bigint, $6, $7::integer, $8::boolean, $9,
    $10, $11::bigint)`,
}

/** Begins with the entry at the version, because the chain is checked from there. */
export const read: Statement = {
  operation: 'read entries',
  text: `select case when d.generation = $2::bigint then 'live' else 'erased' end as status, e.v, e.h, e.t, e.payload
    from frontbell.desk d left join lateral (
      select e.v, e.h, e.t, e.payload from frontbell.entry e
      where e.desk = d.desk and e.generation = $2::bigint and e.v >= $3::bigint order by e.v limit $4::integer
    ) e on true where d.desk = $1 order by e.v`,
}

export const head: Statement = {
  operation: 'read the head',
  text: `select case when not exists (
      select 1 from frontbell.desk d where d.desk = $1 and d.generation <> $2::bigint
    ) then 'live' else 'erased' end as status, p.v, p.h from frontbell.head_of($1, $2::bigint) p`,
}

export const restore: Statement = {
  operation: 'restore entries',
  text: 'select * from frontbell.restore($1, $2::bigint, $3::json, $4::boolean)',
}

export const saveSnapshot: Statement = {
  operation: 'save a snapshot',
  text: `select frontbell.save_snapshot(
    $1, $2::bigint, $3::bigint, $4, $5::bigint, $6::integer, $7, $8::bigint) as status`,
}

export const loadSnapshot: Statement = {
  operation: 'load the snapshot',
  text: `select case when d.generation = $2::bigint then 'live' else 'erased' end as status,
      s.v, s.h, s.t, s.schema, s.state
    from frontbell.desk d
    left join frontbell.snapshot s on s.desk = d.desk and s.generation = $2::bigint where d.desk = $1`,
}

/** Updates nothing, so that there is a commit to wait for. */
export const barrier: Statement = {
  operation: 'pass the barrier',
  text: `update frontbell.desk d set listed = d.listed where d.desk = $1
    returning case when d.generation = $2::bigint then 'live' else 'erased' end as status`,
}

export const heartbeat: Statement = {
  operation: 'send the heartbeat',
  text: `select * from frontbell.record_heartbeat(
    $1, $2::bigint, $3, $4::bigint, $5::json, $6, $7::json, $8::boolean, $9::boolean, $10::boolean)`,
}

export const eraseDeskStatement: Statement = {
  operation: 'erase the desk',
  text: 'select frontbell.erase_desk($1)',
}

export const listDesksStatement: Statement = {
  operation: 'list the desks',
  text: 'select d.desk from frontbell.desk d where d.listed order by d.desk collate "C"',
}

export const heartbeatFunction = `
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
    if notifies and coalesce(known.needs_snapshot_until, 0) <= t then perform pg_notify('@schema', of_desk); end if;
  end if;
  status := 'recorded';
end $$;
`
