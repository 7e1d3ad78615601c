import { isObject, type JsonObject } from '#maths/json.ts';

/** The names of a network's layers that are models themselves. */
export function nestedLayers({ config }: JsonObject): ReadonlySet<string> {
	const layers = isObject(config) ? config['layers'] : config;
	const names = (Array.isArray(layers) ? layers : []).flatMap((layer) => {
		if (!isObject(layer)) return [];
		const { config: own, name } = layer;
		const settings = isObject(own) ? own : {};
		const model = Array.isArray(own) || Array.isArray(settings['layers']);
		return model ? [String(settings['name'] ?? name)] : [];
	});
	return new Set(names);
}
