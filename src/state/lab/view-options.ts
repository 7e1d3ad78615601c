import type { View } from '#contracts/view.ts';
import { DEFAULT_SETTINGS, type Settings } from '#state/lab/settings.ts';

/**
 * What single views keep in the link, `view.option`, and the views that explain of their methods, `method.option`. A link says it of
 * the views that are seen; of the others the tab remembers it.
 */

type Options = Pick<Settings, 'parameters' | 'methods' | 'channels'>;
type Views = ReadonlyMap<string, Pick<View, 'explains'>>;

const KEY = 'vitrine.options';

/** What `seen` holds of `a`, and the rest of `b`. */
function mixed(a: Options, b: Options, views: Views, visible: readonly string[]): Options {
	const explains = visible.some((id) => views.get(id)?.explains);
	const shown = (key: string) => {
		const [owner = ''] = key.split('.');
		return views.has(owner) ? visible.includes(owner) : explains;
	};
	const { methods, channels } = explains ? a : b;
	return {
		methods,
		channels,
		parameters: Object.fromEntries([
			...Object.entries(a.parameters).filter(([key]) => shown(key)),
			...Object.entries(b.parameters).filter(([key]) => !shown(key))
		])
	};
}

/** As a link says it. */
export const linkedOptions = (all: Options, views: Views, visible: readonly string[]): Options =>
	mixed(all, DEFAULT_SETTINGS, views, visible);

/** @param link what a link says of the views that it shows @param before of all views */
export const optionsWith = (link: Options, before: Options, views: Views, visible: readonly string[]): Options =>
	mixed(link, before, views, visible);

/** For the next time that this tab loads the page. */
export function rememberOptions({ parameters, methods, channels }: Options): void {
	try {
		sessionStorage.setItem(KEY, JSON.stringify({ parameters, methods, channels } satisfies Options));
	} catch {
		// The browser keeps nothing: the link still says what is seen.
	}
}

/** What was remembered; a page of another version, or a person, may have written it. */
export function rememberedOptions(): Options {
	try {
		const found = JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Partial<Record<keyof Options, unknown>>;
		const { parameters, methods, channels } = DEFAULT_SETTINGS;
		const texts = (value: unknown) => Object.entries(value ?? {}).filter(([, text]) => typeof text === 'string');
		return {
			parameters: found.parameters ? Object.fromEntries(texts(found.parameters)) : parameters,
			methods: Array.isArray(found.methods) ? found.methods.filter((id) => typeof id === 'string') : methods,
			channels: (['sum', 'magnitude', 'largest'] as const).find((one) => one === found.channels) ?? channels
		};
	} catch {
		return DEFAULT_SETTINGS;
	}
}
