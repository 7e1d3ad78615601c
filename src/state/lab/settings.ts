import type { Target } from '#contracts/compute.ts';
import type { Viewport } from '#contracts/draw.ts';
import type { DisplaySettings } from '#contracts/lab.ts';
import type { Fit, Normalisation } from '#contracts/preprocessing.ts';

/** What replaces parts of a model's own preprocessing. */
export interface PreprocessingChange {
	size?: [width: number, height: number];
	fit?: Fit;
	order?: 'rgb' | 'bgr';
	normalisation?: Normalisation;
	invert?: boolean;
}

/** What the second lab is about (`BesideState`). */
export interface BesideSettings {
	/** Its input, score and layer are those of `of`; else they are those of the first lab, and only the model is its own. */
	pinned: boolean;
	of: Settings;
}

/** What a link carries: all of the lab's state that is not the user's own data. */
export interface Settings {
	/** A shipped model's name, `catalogue/ID`, `own/ID`, or an address. */
	model: string | null;
	variant: string;
	/** A sample's file name, `own/ID`, or an address: the picture for all inputs, or for the first that takes pictures. */
	input: string | null;
	/** Of the second input that takes pictures, and so on, what is not as for the first. */
	more: readonly { input: string | null; preprocessing: PreprocessingChange }[];
	/** Id of the input that is explained; null for the model's first picture. */
	explained: string | null;
	/** Address of class names. */
	labels: string | null;
	preprocessing: PreprocessingChange;
	/** Empty for the one that is open without a word. */
	view: string;
	/** Views side by side (`parsePanes`); empty for the one of `view`. */
	panes: string;
	/** Node that is looked at in the views of the inside; null for none. */
	layer: string | null;
	/** Its channel. */
	channel: number;
	/** Methods that are shown; null for all. */
	methods: readonly string[] | null;
	head: number;
	/** Unit to explain; null for the best. */
	target: number | null;
	kind: Target['kind'];
	other: number | null;
	seed: number;
	channels: 'sum' | 'magnitude' | 'largest';
	/** Method parameters that differ from their default, by `method.parameter`. */
	parameters: Readonly<Record<string, string>>;
	display: DisplaySettings;
	viewport: Viewport;
	/** Null while no model was chosen for it, and nothing pinned. */
	beside: BesideSettings | null;
}

export const DEFAULT_DISPLAY: DisplaySettings = {
	mode: 'overlay',
	opacity: 0.85,
	signedScale: 'rdbu',
	unsignedScale: 'viridis',
	clip: 99,
	opacityByValue: true,
	interpolation: 'nearest',
	grey: true
};

export const DEFAULT_SETTINGS: Settings = {
	model: null,
	variant: '',
	input: null,
	more: [],
	explained: null,
	labels: null,
	preprocessing: {},
	view: '',
	panes: '',
	layer: null,
	channel: 0,
	methods: null,
	head: -1,
	target: null,
	kind: 'logit',
	other: null,
	seed: 1,
	channels: 'sum',
	parameters: {},
	display: DEFAULT_DISPLAY,
	viewport: { x: 0.5, y: 0.5, zoom: 1 },
	beside: null
};

const within = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

function choice<T extends string>(value: string | null, options: readonly T[], otherwise: T): T {
	return options.includes(value as T) ? (value as T) : otherwise;
}

function integer(value: string | null, otherwise: number, low: number, high: number): number {
	return value !== null && /^-?\d{1,12}$/.test(value) ? within(Number(value), low, high) : otherwise;
}

function numberList(value: string | null, count: number): number[] | null {
	const list = (value ?? '').split(',').map((part) => (part.trim() ? Number(part) : NaN));
	return list.length === count && list.every(Number.isFinite) ? list : null;
}

const name = (value: string | null) => (value && value.length < 4000 ? value : null);

/** Inputs that a link may speak of. */
const MAX_INPUTS = 16;

/** @param n which input, after the first: `fit2`, or empty */
function preprocessing(q: URLSearchParams, n: number | '' = ''): PreprocessingChange {
	const own = (key: string) => q.get(`${key}${n}`);
	const has = (key: string) => q.has(`${key}${n}`);
	const size = /^(\d{1,4})x(\d{1,4})$/.exec(own('size') ?? '');
	const range = numberList(own('range'), 2);
	const mean = numberList(own('mean'), 3) ?? numberList(own('mean'), 1);
	const std = numberList(own('std'), 3) ?? numberList(own('std'), 1);
	const [width, height] = [Number(size?.[1]), Number(size?.[2])];
	return {
		...(size && width && height ? { size: [width, height] } : {}),
		...(has('fit') ? { fit: choice<Fit>(own('fit'), ['crop', 'pad', 'stretch'], 'crop') } : {}),
		...(has('order') ? { order: choice<'rgb' | 'bgr'>(own('order'), ['rgb', 'bgr'], 'rgb') } : {}),
		...(range ? { normalisation: { kind: 'range', low: range[0] as number, high: range[1] as number } } : {}),
		...(!range && mean && std && std.every((s) => s !== 0) ? { normalisation: { kind: 'standard', mean, std } } : {}),
		...(has('invert') ? { invert: own('invert') === '1' } : {})
	};
}

/** What is said of the inputs after the first, as far as anything is. */
function more(q: URLSearchParams): Settings['more'] {
	const all = Array.from({ length: MAX_INPUTS - 1 }, (_, i) => ({
		input: name(q.get(`input${i + 2}`)),
		preprocessing: preprocessing(q, i + 2)
	}));
	const last = all.findLastIndex((one) => one.input !== null || Object.keys(one.preprocessing).length > 0);
	return all.slice(0, last + 1);
}

/** What a link says of the second lab has this before its keys: else they are those of any link. */
const BESIDE = 'beside.';

function beside(q: URLSearchParams): BesideSettings | null {
	const own = [...q].flatMap(([key, value]) => (key.startsWith(BESIDE) ? [[key.slice(BESIDE.length), value]] : []));
	if (!own.length) return null;
	const link = new URLSearchParams(own);
	for (const key of [...link.keys()]) if (key.startsWith(BESIDE)) link.delete(key);
	return { pinned: link.get('pinned') === '1', of: parseSettings(link.toString()) };
}

/** An address that says nothing of the lab: whoever comes by it is shown where to begin. */
export const isBare = (search: string): boolean => formatSettings(parseSettings(search)) === '';

/** A valid value for any string. */
export function parseSettings(search: string): Settings {
	const q = new URLSearchParams(search);
	const d = DEFAULT_SETTINGS;
	const viewport = numberList(q.get('zoom'), 3);
	const option = (key: string) => /^[a-z0-9-]+\.[a-z0-9-]+$/.test(key) && !key.startsWith(BESIDE);
	const parameters = [...q].filter(([key, value]) => option(key) && value.length < 500);
	const scale = (key: string, otherwise: string) =>
		/^[a-z]{2,20}$/.test(q.get(key) ?? '') ? (q.get(key) as string) : otherwise;
	return {
		model: name(q.get('model')),
		variant: name(q.get('variant')) ?? '',
		input: name(q.get('input')),
		more: more(q),
		explained: name(q.get('explained')),
		labels: name(q.get('labels')),
		preprocessing: preprocessing(q),
		view: /^[a-z-]{1,40}$/.test(q.get('view') ?? '') ? (q.get('view') as string) : d.view,
		panes: /^[a-z\d.-]{1,200}$/.test(q.get('panes') ?? '') ? (q.get('panes') as string) : d.panes,
		layer: name(q.get('layer')),
		channel: integer(q.get('channel'), d.channel, 0, 1e6),
		methods: q.has('method') ? (q.get('method') ?? '').split(',').filter((id) => /^[a-z0-9-]{1,60}$/.test(id)) : null,
		head: integer(q.get('head'), d.head, -1, 1000),
		target: q.has('target') ? integer(q.get('target'), -1, -1, 1e6) : null,
		kind: choice(q.get('kind'), ['logit', 'probability', 'difference'], d.kind),
		other: q.has('other') ? integer(q.get('other'), 0, 0, 1e6) : null,
		seed: integer(q.get('seed'), d.seed, 0, 2 ** 31 - 1),
		channels: choice(q.get('channels'), ['sum', 'magnitude', 'largest'], d.channels),
		parameters: Object.fromEntries(parameters),
		display: {
			mode: choice(q.get('mode'), ['overlay', 'side'], d.display.mode),
			opacity: integer(q.get('opacity'), 100 * d.display.opacity, 0, 100) / 100,
			signedScale: scale('signed', d.display.signedScale),
			unsignedScale: scale('unsigned', d.display.unsignedScale),
			clip: integer(q.get('clip'), d.display.clip, 90, 100),
			opacityByValue: q.has('fade') ? q.get('fade') === '1' : d.display.opacityByValue,
			interpolation: choice(q.get('interpolation'), ['nearest', 'linear'], d.display.interpolation),
			grey: q.has('grey') ? q.get('grey') === '1' : d.display.grey
		},
		viewport: viewport
			? {
					x: within(viewport[0] as number, 0, 1),
					y: within(viewport[1] as number, 0, 1),
					zoom: within(viewport[2] as number, 1, 64)
				}
			: d.viewport,
		beside: beside(q)
	};
}

/** The search part of an address: only what differs from the defaults. */
export function formatSettings(s: Settings): string {
	const q = new URLSearchParams();
	const d = DEFAULT_SETTINGS;
	const put = (key: string, value: string | number | null, otherwise: string | number | null = null) => {
		if (value !== otherwise && value !== null) q.set(key, String(value));
	};
	put('model', s.model);
	put('variant', s.variant, '');
	put('input', s.input);
	put('labels', s.labels);
	const prepared = (p: PreprocessingChange, n: number | '') => {
		put(`size${n}`, p.size?.join('x') ?? null);
		put(`fit${n}`, p.fit ?? null);
		put(`order${n}`, p.order ?? null);
		if (p.normalisation?.kind === 'range') put(`range${n}`, `${p.normalisation.low},${p.normalisation.high}`);
		if (p.normalisation?.kind === 'standard') {
			put(`mean${n}`, p.normalisation.mean.join(','));
			put(`std${n}`, p.normalisation.std.join(','));
		}
		if (p.invert !== undefined) put(`invert${n}`, p.invert ? 1 : 0);
	};
	prepared(s.preprocessing, '');
	for (const [i, own] of s.more.slice(0, MAX_INPUTS - 1).entries()) {
		put(`input${i + 2}`, own.input);
		prepared(own.preprocessing, i + 2);
	}
	put('explained', s.explained);
	put('view', s.view, d.view);
	put('panes', s.panes, d.panes);
	put('layer', s.layer);
	put('channel', s.channel, d.channel);
	if (s.methods) put('method', s.methods.join(','));
	put('head', s.head, d.head);
	put('target', s.target);
	put('kind', s.kind, d.kind);
	put('other', s.other);
	put('seed', s.seed, d.seed);
	put('channels', s.channels, d.channels);
	for (const [key, value] of Object.entries(s.parameters)) put(key, value);
	const l = s.display;
	put('mode', l.mode, d.display.mode);
	put('opacity', Math.round(100 * l.opacity), Math.round(100 * d.display.opacity));
	put('signed', l.signedScale, d.display.signedScale);
	put('unsigned', l.unsignedScale, d.display.unsignedScale);
	put('clip', l.clip, d.display.clip);
	put('fade', Number(l.opacityByValue), Number(d.display.opacityByValue));
	put('interpolation', l.interpolation, d.display.interpolation);
	put('grey', Number(l.grey), Number(d.display.grey));
	const { x, y, zoom } = s.viewport;
	if (zoom !== 1) put('zoom', [x, y, zoom].map((n) => Number(n.toFixed(4))).join(','));
	if (s.beside?.pinned) put(`${BESIDE}pinned`, 1);
	if (s.beside)
		for (const [key, value] of new URLSearchParams(formatSettings({ ...s.beside.of, beside: null })))
			put(BESIDE + key, value);
	const text = q.toString();
	return text ? `?${text}` : '';
}
