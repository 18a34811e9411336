// cr-sqlite as a peer: the changes that bench-exchange generated, played into one replica and taken in by another, both
// in memory. `node bench.mjs FOLDER [PEOPLE AT MOST]` prints lines of results as the other peers do.
import { readFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const dist = join(require.resolve('@vlcn.io/wa-sqlite/package.json'), '..', 'dist')
const { default: load } = await import(join(dist, 'crsqlite-sync.mjs'))
const SQLite = await import(join(dist, '..', 'src', 'sqlite-api.js'))
const api = SQLite.Factory(await load({ wasmBinary: readFileSync(join(dist, 'crsqlite-sync.wasm')) }))

const COLUMNS = ['name', 'sex', 'birth', 'citizen_id', 'ethnicity', 'education', 'labour', 'health', 'phone', 'work_place']
const TABLE = `create table person (id blob primary key not null, ${COLUMNS.map((c) => `${c} text`).join(', ')})`
const READ = 'select "table", pk, cid, val, col_version, db_version, coalesce(site_id, crsql_site_id()), cl, seq from crsql_changes where db_version > ?'
const TAKE = 'insert into crsql_changes ("table", pk, cid, val, col_version, db_version, site_id, cl, seq) values (?,?,?,?,?,?,?,?,?)'

async function replica(create = TABLE) {
  const db = await api.open_v2(':memory:')
  await api.exec(db, create)
  await api.exec(db, "select crsql_as_crr('person')")
  return db
}

async function close(db) {
  await api.exec(db, 'select crsql_finalize()')
  await api.close(db)
}

async function prepared(db, sql, work) {
  const text = api.str_new(db, sql)
  const { stmt } = await api.prepare_v2(db, api.str_value(text))
  api.str_finish(text)
  try {
    return await work(stmt)
  } finally {
    await api.finalize(stmt)
  }
}

async function run(stmt, values) {
  await api.reset(stmt)
  values.forEach((value, place) => api.bind(stmt, place + 1, value))
  while ((await api.step(stmt)) === SQLite.SQLITE_ROW);
}

async function rows(db, sql, values = []) {
  return prepared(db, sql, async (stmt) => {
    values.forEach((value, place) => api.bind(stmt, place + 1, value))
    const found = []
    while ((await api.step(stmt)) === SQLite.SQLITE_ROW) {
      found.push(Array.from({ length: api.column_count(stmt) }, (_, at) => {
        const value = api.column(stmt, at)
        return value instanceof Uint8Array ? value.slice() : value
      }))
    }
    return found
  })
}

function lines(folder, file) {
  return readFileSync(join(folder, file), 'utf8').trimEnd().split('\n').map((line) => line.split('\t'))
}

async function play(db, changes) {
  await api.exec(db, 'begin')
  await prepared(db, `insert into person values (${Array(11).fill('?').join(',')})`, async (insert) => {
    const updates = new Map()
    for (const [mark, id, ...values] of changes) {
      const key = Buffer.from(id, 'hex')
      if (mark === '+') {
        await run(insert, [key, ...values])
        continue
      }
      const column = COLUMNS[Number(values[0])]
      if (!updates.has(column)) {
        const text = api.str_new(db, `update person set ${column} = ? where id = ?`)
        updates.set(column, (await api.prepare_v2(db, api.str_value(text))).stmt)
        api.str_finish(text)
      }
      await run(updates.get(column), [values[1], key])
    }
    for (const update of updates.values()) await api.finalize(update)
  })
  await api.exec(db, 'commit')
}

async function take(db, changes) {
  await api.exec(db, 'begin')
  await prepared(db, TAKE, async (insert) => {
    for (const change of changes) await run(insert, change)
  })
  await api.exec(db, 'commit')
}

async function measured(label, ops, cells, work) {
  const before = process.cpuUsage()
  const start = performance.now()
  const value = await work()
  const wall = Math.round((performance.now() - start) * 1000)
  const { user, system } = process.cpuUsage(before)
  const peak = process.resourceUsage().maxRSS
  console.log(['measured', 'cr-sqlite', label, user + system, wall, ops, cells, 0, 0, peak].join('\t'))
  return value
}

const version = async (db) => (await rows(db, 'select crsql_db_version()'))[0][0]
const cellsOf = (changes) => changes.reduce((sum, [mark, , ...values]) => sum + (mark === '+' ? values.length : 1), 0)

async function speed(folder) {
  const [base, changes] = [lines(folder, 'base.tsv'), lines(folder, 'changes.tsv')]
  const [from, to] = [await replica(), await replica()]
  await play(from, base)
  const before = await version(from)
  await take(to, await rows(from, READ, [0]))
  const [ops, cells] = [changes.length, cellsOf(changes)]
  await measured('写入', ops, cells, () => play(from, changes))
  const sent = await measured('导出', ops, cells, () => rows(from, READ, [before]))
  await measured('导入', ops, cells, () => take(to, sent))
  await measured('重复导入', ops, cells, () => take(to, sent))
  await close(from)
  await close(to)
}

// cr-sqlite has no file of its own: what its peers send is the rows of crsql_changes, so the faults are put there.
async function loss(folder) {
  const base = lines(folder, 'base.tsv').slice(0, 6)
  const from = await replica()
  await play(from, base)
  const sent = await rows(from, READ, [0])
  const taken = async (db, changes) => {
    try {
      await take(db, changes)
      return true
    } catch {
      await api.exec(db, 'rollback').catch(() => undefined)
      return false
    }
  }
  const report = (fault, accepted, of) => console.log(['loss', 'cr-sqlite', fault, accepted, of].join('\t'))

  // Every bit of the key and of the value of one row in seven.
  let [accepted, tried] = [0, 0]
  for (let at = 0; at < sent.length; at += 7) {
    for (const place of [1, 3]) {
      const whole = Buffer.from(sent[at][place])
      for (let bit = 0; bit < whole.length * 8; bit += 1) {
        const damaged = Buffer.from(whole)
        damaged[bit >> 3] ^= 1 << (bit & 7)
        const row = [...sent[at]]
        row[place] = place === 1 ? new Uint8Array(damaged) : damaged.toString()
        const db = await replica()
        accepted += (await taken(db, [row])) ? 1 : 0
        tried += 1
        await close(db)
      }
    }
  }
  report('一位翻转', accepted, tried)

  let cuts = 0
  for (let length = 0; length < sent.length; length += 1) {
    const db = await replica()
    cuts += (await taken(db, sent.slice(0, length))) ? 1 : 0
    await close(db)
  }
  report('截断', cuts, sent.length)

  const other = await api.open_v2(':memory:')
  await api.exec(other, 'create table other (id blob primary key not null)')
  await api.exec(other, "select crsql_as_crr('other')")
  report('对方没有这张表', (await taken(other, sent)) ? base.length : 0, base.length)
  const narrow = await replica(TABLE.replace(', work_place text', ''))
  const went = await taken(narrow, sent)
  const kept = (await rows(narrow, 'select count(*) from person'))[0][0]
  report('对方没有这一列', went ? base.length - (kept === base.length ? 0 : kept) : 0, base.length)
  await close(from)
}

const [folder, wish] = process.argv.slice(2)
if (!folder || !existsSync(folder)) throw new Error('node bench.mjs FOLDER [loss]')
if (wish === 'loss') await loss(folder)
else await speed(folder)
