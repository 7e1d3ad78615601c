import * as v from 'valibot';
import { LIMITS } from '#contracts/data-loader.ts';
import { NO_HINTS, type TypedHints } from '#loaders/typed-table.ts';

/** What pandas and Hugging Face's data sets write beside the columns of Parquet and Arrow: JSON of a stranger. */

const HuggingFace = v.object({
	info: v.object({ features: v.record(v.string(), v.unknown()) })
});
const ClassLabel = v.object({
	_type: v.literal('ClassLabel'),
	names: v.pipe(v.array(v.pipe(v.string(), v.maxLength(LIMITS.cell))), v.maxLength(100_000))
});
const Pandas = v.object({ index_columns: v.array(v.unknown()) });

function parsed<S extends v.GenericSchema>(text: string | undefined, schema: S): v.InferOutput<S> | null {
	if (!text || text.length > 16 << 20) return null;
	try {
		const result = v.safeParse(schema, JSON.parse(text));
		return result.success ? result.output : null;
	} catch {
		return null;
	}
}

/** @param metadata texts by their key */
export function hintsOf(metadata: ReadonlyMap<string, string>): TypedHints {
	const features = parsed(metadata.get('huggingface'), HuggingFace)?.info.features ?? {};
	const indexes = parsed(metadata.get('pandas'), Pandas)?.index_columns ?? [];
	const classes = new Map<string, readonly string[]>();
	for (const [name, feature] of Object.entries(features)) {
		const label = v.safeParse(ClassLabel, feature);
		if (label.success) classes.set(name, label.output.names);
	}
	if (!classes.size && !indexes.length) return NO_HINTS;
	return { classes, indexes: new Set(indexes.filter((name): name is string => typeof name === 'string')) };
}
