import { NAMES, NUMBERS, type Dice } from './dice.ts';

/** Changes to what a JSON file says, of which the syntax stays right. */

type Holder = Record<string, unknown> | unknown[];
interface Location {
	holder: Holder;
	key: string;
}

const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null;

/** Every value but the outermost. */
function locations(root: unknown): Location[] {
	const found: Location[] = [];
	const stack: unknown[] = [root];
	while (stack.length) {
		const holder = stack.pop();
		if (!isHolder(holder)) continue;
		for (const key of Object.keys(holder)) {
			found.push({ holder, key });
			stack.push(at({ holder, key }));
		}
	}
	return found;
}

const at = ({ holder, key }: Location): unknown => (holder as Record<string, unknown>)[key];

/** `__proto__` is a key like any other in a file. */
function set({ holder, key }: Location, value: unknown): void {
	Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

const copy = (value: unknown): unknown => (isHolder(value) ? (JSON.parse(JSON.stringify(value)) as unknown) : value);

function deep(levels: number): unknown {
	let value: unknown = 1;
	for (let k = 0; k < levels; k++) value = k % 2 ? [value] : { config: value };
	return value;
}

type Change = (all: readonly Location[], dice: Dice) => void;

/** One of the locations whose value is of a kind. */
function oneOf(
	all: readonly Location[],
	dice: Dice,
	kind: (value: unknown, location: Location) => boolean
): Location | undefined {
	const fitting = all.filter((location) => kind(at(location), location));
	return fitting.length ? dice.one(fitting) : undefined;
}

const isText = (value: unknown) => typeof value === 'string';
const isNumber = (value: unknown) => typeof value === 'number';
const isDigits = (value: unknown) => typeof value === 'string' && /^-?\d+$/.test(value);

const CHANGES: readonly Change[] = [
	function remove(all, dice) {
		const { holder, key } = dice.one(all);
		if (Array.isArray(holder)) holder.splice(Number(key), 1);
		else delete holder[key];
	},
	function double(all, dice) {
		const location = dice.one(all);
		const times = dice.chance() < 0.05 ? 2000 : 1;
		if (Array.isArray(location.holder))
			location.holder.splice(Number(location.key), 0, ...Array.from({ length: times }, () => copy(at(location))));
		else set({ ...location, key: dice.one(NAMES) }, copy(at(location)));
	},
	function retype(all, dice) {
		const other = [null, true, false, 0, -1, '', 'text', [], {}, [null], [[]], ['a', 1], { name: 'x' }, 1e308];
		set(dice.one(all), dice.chance() < 0.05 ? deep(dice.one([100, 3000])) : dice.one(other));
	},
	function rename(all, dice) {
		const location = oneOf(all, dice, (_, { holder }) => !Array.isArray(holder));
		if (!location) return;
		const value = at(location);
		delete (location.holder as Record<string, unknown>)[location.key];
		set({ ...location, key: dice.one(NAMES) }, value);
	},
	function number(all, dice) {
		const location = oneOf(all, dice, isNumber);
		if (location) set(location, dice.chance() < 0.8 ? dice.one(NUMBERS) : dice.one([null, '1', NaN, [3], 1.5]));
	},
	function digits(all, dice) {
		const location = oneOf(all, dice, isDigits);
		if (location) set(location, dice.one([...NUMBERS.map(String), '', 'x', 'NaN']));
	},
	function named(all, dice) {
		const location = oneOf(all, dice, isText);
		if (location) set(location, dice.one(NAMES));
	},
	// A reference that goes elsewhere: to nothing, to itself, to what comes later.
	function refer(all, dice) {
		const [from, to] = [oneOf(all, dice, isText), oneOf(all, dice, isText)];
		if (from && to) set(from, at(to));
	},
	function swap(all, dice) {
		const [a, b] = [dice.one(all), dice.one(all)];
		const [x, y] = [at(a), at(b)];
		// Within each other they would be a ring, which no file can hold.
		set(a, copy(y));
		if (!(isHolder(x) && JSON.stringify(y)?.includes(JSON.stringify(x)))) set(b, copy(x));
	},
	// One entry of a list says what its neighbour says.
	function neighbour(all, dice) {
		const location = oneOf(all, dice, (_, { holder }) => Array.isArray(holder) && holder.length > 1);
		if (location) set(location, copy(dice.one(location.holder as unknown[])));
	},
	function shuffled(all, dice) {
		const location = oneOf(all, dice, (value) => Array.isArray(value) && value.length > 1);
		if (location) set(location, [...(at(location) as unknown[])].reverse());
	}
];

export function changedJson(text: string, dice: Dice): string {
	const root = JSON.parse(text) as unknown;
	for (let k = dice.below(3); k >= 0; k--) {
		const all = locations(root);
		if (all.length) dice.one(CHANGES)(all, dice);
	}
	// As Python writes what JSON has no word for.
	return JSON.stringify(root, (_, value: unknown) => (Number.isNaN(value) ? '\u0001' : value)).replaceAll(
		'"\\u0001"',
		'NaN'
	);
}
