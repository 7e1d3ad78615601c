import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { URGENCY, type Urgency } from '#contracts/urgency.ts';
import { breath } from '#engine/breath.ts';
import { Turns } from '#workers/compute/turns.ts';
import { connect, having, serve, type Connection } from '#workers/rpc.ts';

/** A slow worker, behind a real pair of ends: what is looked at is answered first. */
interface Api {
	/** So many slices, each of which keeps the thread busy; without turns if it is not of the open model. */
	work(name: string, slices: number, how: 'together' | 'free'): Promise<string>;
	/** Waits for what another device does, and never listens meanwhile. */
	device(name: string): Promise<void>;
	change(): Promise<void>;
}

let log: string[];
let ended: string[];
let connection: Connection<Api>;
let ports: MessagePort[];
let answered: () => void;
/** Jobs that take long are at their end. */
let enough: boolean;

const slice = (milliseconds: number) => {
	for (const began = performance.now(); performance.now() - began < milliseconds;);
};
const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 5 });
const LONG = Infinity;

beforeEach(() => {
	[log, ended, enough, answered] = [[], [], false, () => undefined];
	const turns = new Turns(() => null);
	const { port1, port2 } = new MessageChannel();
	serve<Api>(port1 as never, {
		work(name, slices, how, { signal }) {
			const job = async () => {
				try {
					for (let i = 0; i < slices && !enough; i++) {
						log.push(name);
						slice(2);
						await breath(signal);
					}
					return name;
				} finally {
					ended.push(name);
				}
			};
			return how === 'free' ? job() : turns.together(signal, job);
		},
		device: (name, { signal }) =>
			turns.together(signal, async () => {
				log.push(name);
				await new Promise<void>((resolve) => (answered = resolve));
				ended.push(name);
			}),
		change: ({ signal }) =>
			turns.alone(signal, () => {
				ended.push('change');
				return Promise.resolve();
			})
	});
	ports = [port1, port2];
	for (const port of ports) port.start();
	connection = connect<Api>(port2 as never);
});
afterEach(() => {
	enough = true;
	answered();
	ports.forEach((port) => port.close());
});

const as = (urgency: Urgency | (() => Urgency)) =>
	having(connection.remote, { urgency: typeof urgency === 'function' ? urgency : () => urgency });

it('of what waits the most urgent is begun first, and one of no view before all', async () => {
	await Promise.all([
		as(URGENCY.unseen).work('unseen', 2, 'together'),
		as(URGENCY.visible).work('visible', 2, 'together'),
		as(URGENCY.focused).work('focused', 2, 'together'),
		connection.remote.work('page', 2, 'together')
	]);
	expect(log.join(' ')).toBe('page page focused focused visible visible unseen unseen');
});

it('those of one urgency go on by turns', async () => {
	await Promise.all([as(URGENCY.focused).work('a', 3, 'together'), as(URGENCY.focused).work('b', 3, 'together')]);
	expect(log.join('')).toBe('ababab');
});

it.each(['together', 'free'] as const)('a long job (%s) lets a more urgent one go first, and goes on', async (how) => {
	const long = as(URGENCY.visible).work('long', LONG, how);
	await until(() => expect(log.length).toBeGreaterThan(3));
	await as(URGENCY.focused).work('short', 20, 'together');
	expect(ended).toEqual(['short']);
	const first = log.indexOf('short');
	expect(log.slice(first, first + 20)).toEqual(Array(20).fill('short'));
	const before = log.length;
	await until(() => expect(log.length).toBeGreaterThan(before + 3));
	enough = true;
	expect(await long).toBe('long');
});

it('one that waits for the device holds up less urgent ones, too', async () => {
	const urgent = as(URGENCY.focused).device('urgent');
	const other = as(URGENCY.visible).work('other', 2, 'together');
	const free = as(URGENCY.visible).work('free', 2, 'free');
	await until(() => expect(log).toContain('urgent'));
	// Many turns of one that nothing is as urgent as.
	await as(URGENCY.page).work('page', 20, 'free');
	expect(log.filter((name) => name !== 'page')).toEqual(['free', 'urgent']);
	answered();
	await Promise.all([urgent, other, free]);
	expect(ended.slice(0, 2)).toEqual(['page', 'urgent']);
});

it('who looks at another view meanwhile gets that one first', async () => {
	let [left, right]: [Urgency, Urgency] = [URGENCY.focused, URGENCY.visible];
	const long = as(() => left).work('left', LONG, 'together');
	const short = as(() => right).work('right', 20, 'together');
	await until(() => expect(log.length).toBeGreaterThan(3));
	expect(new Set(log)).toEqual(new Set(['left']));
	[left, right] = [right, left];
	connection.urge();
	await short;
	expect(ended).toEqual(['right']);
	enough = true;
	await long;
});

it('one that is held up can be cancelled', async () => {
	const urgent = as(URGENCY.focused).device('urgent');
	const controller = new AbortController();
	const held = having(connection.remote, { urgency: () => URGENCY.visible, signal: controller.signal }).work(
		'held',
		5,
		'free'
	);
	await until(() => expect(log).toEqual(['held', 'urgent']));
	controller.abort();
	await expect(held).rejects.toMatchObject({ name: 'AbortError' });
	await until(() => expect(ended).toEqual(['held']));
	answered();
	await urgent;
});

it('a change waits for all that came before it, and what came later for the change, however urgent that is', async () => {
	const before = as(URGENCY.unseen).work('before', LONG, 'together');
	await until(() => expect(log.length).toBeGreaterThan(0));
	const change = connection.remote.change();
	const after = as(URGENCY.focused).work('after', 2, 'together');
	await as(URGENCY.page).work('page', 5, 'free');
	enough = true;
	await Promise.all([before, change, after]);
	expect(ended).toEqual(['page', 'before', 'change', 'after']);
});
