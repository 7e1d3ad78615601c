import { LabError } from '#contracts/errors.ts';

/** Which stored weight belongs to which weight of the network: by name, and by the order in the file where names repeat. */

export interface Slot {
	/** The models that its layer lies in, outermost first. */
	models: readonly string[];
	/** The layer's name and the weight's own: `conv1/kernel`. */
	name: string;
	shape: readonly number[];
	trainable: boolean;
	/** The index of the layer, or of the nested model that it lies in, in the whole. */
	top: number;
}

export interface StoredName {
	name: string;
	shape: readonly number[];
}

export interface Assignment {
	/** For each slot the index of its stored weight; null if there is none, which only happens where weights may lack. */
	assigned: (number | null)[];
	/** Whether some were taken by order and shape alone. */
	renamed: boolean;
}

const tokens = (name: string) => name.split('/');
const suffixes = (parts: readonly string[]) => parts.map((_, i) => parts.slice(i).join('/'));
const withoutCell = (parts: readonly string[]) => [...parts.slice(0, -2), parts.at(-1) as string];
/** `conv2d_1/kernel_1:0` -> `conv2d/kernel`. */
const unnumbered = (name: string) =>
	tokens(name.replace(/:\d+$/, ''))
		.map((token) => token.replace(/_\d{1,6}$/, '') || token)
		.join('/');

export const pathOf = ({ models, name }: Slot) => [...models, name].join('/');

interface NamingRule {
	slot(slot: Slot): string;
	stored(name: string): readonly string[];
}

/** Ways in which writers name weights, strictest first: a slot and a stored weight agree if they share a key. */
const NAMING_RULES: readonly NamingRule[] = [
	{ slot: pathOf, stored: (name) => [name] },
	{ slot: ({ models, name }) => [...models.slice(-1), name].join('/'), stored: (name) => [name] },
	{ slot: ({ name }) => name, stored: (name) => [name] },
	// With the name of a model in front, or of a cell within.
	{ slot: pathOf, stored: (name) => suffixes(tokens(name)) },
	{ slot: ({ name }) => name, stored: (name) => suffixes(tokens(name)) },
	{ slot: ({ name }) => name, stored: (name) => suffixes(withoutCell(tokens(name))) }
];

/** Numbered by a writer that wanted every name once: the numbers go by the order, and may be those of other layers. */
const NUMBERED: readonly NamingRule[] = [
	{ slot: ({ name }) => unnumbered(name), stored: (name) => suffixes(tokens(unnumbered(name))) },
	{ slot: ({ name }) => unnumbered(name), stored: (name) => suffixes(withoutCell(tokens(unnumbered(name)))) }
];

/** What a weight is, where its name says so. */
const ROLE_NAMES = new Set([
	...['kernel', 'bias', 'gamma', 'beta', 'moving_mean', 'moving_variance', 'recurrent_kernel'],
	...['depthwise_kernel', 'pointwise_kernel', 'embeddings', 'alpha']
]);

const lastOf = (name: string) => tokens(unnumbered(name)).at(-1) as string;

/** What an optimiser keeps of each weight while it trains, under the weight's name or one like it. */
const OPTIMISER =
	/(^|\/)(optimi[sz]er|training|adam(w|ax)?|nadam|rmsprop|sgd|adagrad|adadelta|ftrl|lion|momentum|velocity)(_\d+)?(:\d+)?(\/|$)/i;
export const isOptimiser = (name: string) => OPTIMISER.test(name);

/** @param lacking whether weights may be absent: their files are missing */
export function assign(slots: readonly Slot[], stored: readonly StoredName[], lacking = false): Assignment {
	const own = new Set(slots.flatMap((slot) => [pathOf(slot), slot.name]));
	const kept = stored.flatMap(({ name }, i) => (isOptimiser(name) && !own.has(name) ? [] : [i]));
	const { assigned, renamed } = new Assigner(
		slots,
		kept.map((i) => stored[i] as StoredName)
	).assignment(lacking);
	return { assigned: assigned.map((entry) => (entry === null ? null : (kept[entry] as number))), renamed };
}

class Assigner {
	readonly #assigned: (number | null)[];
	readonly #claimed = new Set<number>();
	/** Orders in which Keras and TF.js write weights: as slots are counted, by layer with what is trained first, all such first. */
	readonly #orders: readonly (readonly number[])[];
	#byOrder = false;

	constructor(
		private readonly slots: readonly Slot[],
		private readonly stored: readonly StoredName[]
	) {
		this.#assigned = slots.map(() => null);
		const indices = slots.map((_, i) => i);
		const late = (i: number) => Number(!(slots[i] as Slot).trainable);
		const top = (i: number) => (slots[i] as Slot).top;
		this.#orders = [
			indices,
			[...indices].sort((a, b) => top(a) - top(b) || late(a) - late(b)),
			[...indices].sort((a, b) => late(a) - late(b))
		];
	}

	assignment(lacking: boolean): Assignment {
		for (const rule of NAMING_RULES) if (this.#open().length) this.#named(rule);
		for (const rule of NUMBERED) if (this.#open().length) this.#numbered(rule);
		const renamed = !lacking && this.#renamed();
		if (this.#byOrder && !this.#possible().length) throw this.#unclear(this.#doubled());
		const open = this.#open();
		if (open.length && !lacking) throw this.#missing(open[0] as number);
		return { assigned: this.#assigned, renamed };
	}

	#open(): number[] {
		return this.slots.flatMap((_, i) => (this.#assigned[i] === null ? [i] : []));
	}

	#claim(slot: number, entry: number): void {
		this.#assigned[slot] = entry;
		this.#claimed.add(entry);
	}

	/** Orders that agree with all that is assigned. */
	#possible(): readonly (readonly number[])[] {
		return this.#orders.filter((order) => {
			const taken = order.map((slot) => this.#assigned[slot] as number | null).filter((entry) => entry !== null);
			return taken.every((entry, i) => !i || entry > (taken[i - 1] as number));
		});
	}

	#fits(slot: number, entry: number): boolean {
		return this.slots[slot]?.shape.join() === this.stored[entry]?.shape.join();
	}

	/** What bears one name but for numbers is assigned anew, all together; if that fails it stays as it was. */
	#numbered(rule: NamingRule): void {
		const before = [...this.#assigned];
		const names = new Set(this.#open().map((slot) => unnumbered((this.slots[slot] as Slot).name)));
		for (const [slot, { name }] of this.slots.entries()) if (names.has(unnumbered(name))) this.#assigned[slot] = null;
		this.#restore([...this.#assigned]);
		this.#named(rule);
		if (this.#open().some((slot) => before[slot] !== null)) this.#restore(before);
		else this.#byOrder ||= this.#assigned.some((entry, slot) => entry !== before[slot]);
	}

	#restore(assigned: readonly (number | null)[]): void {
		this.#claimed.clear();
		for (const [slot, entry] of assigned.entries()) {
			this.#assigned[slot] = entry;
			if (entry !== null) this.#claimed.add(entry);
		}
	}

	#named({ slot: slotKey, stored: storedKeys }: NamingRule): void {
		const byKey = new Map<string, number[]>();
		for (const [i, { name }] of this.stored.entries())
			if (!this.#claimed.has(i)) for (const key of storedKeys(name)) byKey.set(key, [...(byKey.get(key) ?? []), i]);
		const rivals = new Map<number, number[]>();
		const groups = new Map<string, { slots: number[]; entries: number[] }>();
		for (const slot of this.#open()) {
			const entries = (byKey.get(slotKey(this.slots[slot] as Slot)) ?? []).filter((entry) => this.#fits(slot, entry));
			if (!entries.length) continue;
			for (const entry of entries) rivals.set(entry, [...(rivals.get(entry) ?? []), slot]);
			const group = groups.get(entries.join()) ?? { slots: [], entries };
			group.slots.push(slot);
			groups.set(entries.join(), group);
		}
		const closed = [...groups.values()].filter(
			({ slots, entries }) =>
				slots.length === entries.length && entries.every((entry) => rivals.get(entry)?.length === slots.length)
		);
		for (const { slots, entries } of closed.filter((group) => group.slots.length === 1))
			this.#claim(slots[0] as number, entries[0] as number);
		for (const { slots, entries } of closed.filter((group) => group.slots.length > 1)) {
			const taken = this.#inOrder(slots, entries, () => true);
			if (!taken) throw this.#unclear(slots);
			taken.forEach((slot, i) => this.#claim(slot, entries[i] as number));
			this.#byOrder = true;
		}
	}

	/**
	 * The slots as the entries follow each other, if every order that is possible and fits says the same.
	 * @returns null if none fits; @throws LabError if they differ
	 */
	#inOrder(slots: readonly number[], entries: readonly number[], fits: (slot: number, entry: number) => boolean) {
		const requested = new Set(slots);
		const ways = this.#possible()
			.map((order) => order.filter((slot) => requested.has(slot)))
			.filter((way) => way.every((slot, i) => fits(slot, entries[i] as number)));
		const [first] = ways;
		if (first && ways.some((way) => way.join() !== first.join())) throw this.#unclear(slots);
		return first ?? null;
	}

	/** What no name fits: taken in order if number and shapes agree. */
	#renamed(): boolean {
		const slots = this.#open();
		const entries = this.stored.flatMap((_, i) => (this.#claimed.has(i) ? [] : [i]));
		if (!slots.length || slots.length !== entries.length) return false;
		const fits = (slot: number, entry: number) => {
			const role = lastOf((this.stored[entry] as StoredName).name);
			const same = role === lastOf((this.slots[slot] as Slot).name);
			return this.#fits(slot, entry) && (same || !ROLE_NAMES.has(role));
		};
		const taken = this.#inOrder(slots, entries, fits);
		if (!taken) return false;
		taken.forEach((slot, i) => this.#claim(slot, entries[i] as number));
		this.#byOrder = true;
		return true;
	}

	/** Slots whose names repeat. */
	#doubled(): number[] {
		const counts = new Map<string, number[]>();
		for (const [i, slot] of this.slots.entries()) {
			const key = unnumbered(slot.name);
			counts.set(key, [...(counts.get(key) ?? []), i]);
		}
		return [...counts.values()].find((group) => group.length > 1) ?? [0];
	}

	#unclear(slots: readonly number[]): LabError {
		const names = slots.slice(0, 3).map((slot) => `"${pathOf(this.slots[slot] as Slot)}"`);
		const more = slots.length > 3 ? ` and ${slots.length - 3} more` : '';
		return new LabError(
			`The weights ${names.join(', ')}${more} cannot be told apart: the weight files neither name them nor hold them in the order of the network.`,
			'Save the model with a name of its own for every layer.'
		);
	}

	#missing(slot: number): LabError {
		const requestedSlot = this.slots[slot] as Slot;
		const key = unnumbered(requestedSlot.name);
		const alike = this.stored.flatMap(({ name }, i) => (suffixes(tokens(unnumbered(name))).includes(key) ? [i] : []));
		const free = alike.filter((entry) => !this.#claimed.has(entry));
		const other = free.find((entry) => !this.#fits(slot, entry));
		const rivals = this.#open().filter((i) => unnumbered((this.slots[i] as Slot).name) === key);
		if (free.length && other === undefined) {
			const entry = this.stored[free[0] as number] as StoredName;
			return new LabError(
				rivals.length > 1
					? `The weights ${rivals.map((i) => `"${pathOf(this.slots[i] as Slot)}"`).join(', ')} cannot be told apart: the weight files hold "${entry.name}" ${free.length === 1 ? 'once' : `${free.length} times`}.`
					: `The weight files hold ${free.length} weights that could be "${pathOf(requestedSlot)}".`,
				'Save the model with a name of its own for every layer.'
			);
		}
		if (other !== undefined) {
			const { name, shape } = this.stored[other] as StoredName;
			return new LabError(
				`The weight "${name}" has the shape [${shape.join(', ')}]; the network wants [${requestedSlot.shape.join(', ')}].`,
				'The weights belong to another model.'
			);
		}
		return new LabError(
			`The weight "${pathOf(requestedSlot)}" is missing from the weight files.`,
			'Check that all files belong to the same model.'
		);
	}
}
