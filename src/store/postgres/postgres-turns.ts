import { turnGapMs, turnMsMax, turnsWaited, waitMsMax } from '../writer-turns'

/** The functions of turns. Each is called by `append`, which has locked the desk. */
export const turnFunctions = `
-- Records that a writer waits for a turn; whether it has it now. The rules of WriterTurns; the desk is locked.
create or replace function frontbell.request_turn(
  of_desk text, of_generation bigint, of_writer text, turn_ms bigint, now_ms bigint
) returns boolean
language plpgsql as $$
declare waits_since bigint; own_ms bigint := least(turn_ms, ${turnMsMax}); holder text; taken_ms bigint;
begin
  if turn_ms is null or of_writer = '' then return false; end if;
  delete from frontbell.turn r where r.desk = of_desk and r.generation = of_generation
    and r.until - now_ms not between 1 and ${waitMsMax};
  select r.writer, r.until - now_ms into holder, taken_ms from frontbell.turn r
    where r.desk = of_desk and r.generation = of_generation and r.kind = 'turn';
  if holder = of_writer then return true; end if;
  insert into frontbell.turn as r values (of_desk, of_generation, 'wait', of_writer, now_ms,
      now_ms + coalesce(taken_ms, 0) + ${turnsWaited} * own_ms)
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
    (of_desk, of_generation, 'free', '', now_ms, now_ms + own_ms + ${turnGapMs});
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
    r.writer = of_writer or r.until - now_ms not between 1 and ${waitMsMax}
  );
  if has_turn then
    update frontbell.turn r set until = now_ms + ${turnGapMs}
      where r.desk = of_desk and r.generation = of_generation and r.kind = 'free';
  end if;
end $$;
`
