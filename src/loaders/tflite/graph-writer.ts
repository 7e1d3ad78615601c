import { LabError } from '#contracts/errors.ts';
import { attributes } from '#engine/model/graph/attributes.ts';
import { NodeList } from '#engine/model/graph/node-list.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import { constantOf, typeName } from '#loaders/tflite/constants.ts';
import type { TfliteModel, TfliteTensor } from '#loaders/tflite/schema.ts';

/** Writes the operators of a .tflite file as nodes of a TensorFlow graph, which they were made of. */
export class GraphWriter extends NodeList {
	readonly weights = new Map<string, StoredWeight>();
	/** How a tensor is read, by its index. */
	readonly #references = new Map<number, string>();

	constructor(
		private readonly model: TfliteModel,
		private readonly file: string
	) {
		super();
	}

	tensor(index: number | undefined): TfliteTensor {
		const tensor = index === undefined ? undefined : this.model.tensors[index];
		if (!tensor) throw new LabError(`“${this.file}” has an operator that lacks an input.`, 'Convert the model again.');
		return tensor;
	}

	isConstant(index: number | undefined): index is number {
		return index !== undefined && !this.#references.has(index) && (this.model.tensors[index]?.data.byteLength ?? 0) > 0;
	}

	/** The converter joins names of what it fused by semicolons. */
	override unique(requested: string): string {
		const [own = ''] = requested.split(';');
		return super.unique(own.replace(/:\d+$/, '').replace(/[:^]/g, '_').slice(0, 500) || 'node');
	}

	/** A constant node. @returns its name */
	constant(requested: string, weight: StoredWeight): string {
		const name = this.unique(requested);
		this.weights.set(name, weight);
		return this.add(name, 'Const', [], { dtype: attributes.type(weight.dtype) });
	}

	whole(requested: string, values: readonly number[], shape: number[] = [values.length]): string {
		return this.constant(requested, { shape, dtype: 'int32', values: Int32Array.from(values) });
	}

	number(requested: string, value: number): string {
		return this.constant(requested, { shape: [], dtype: 'float32', values: Float32Array.of(value) });
	}

	/** The numbers of a constant. @throws LabError for what cannot be read */
	values(index: number | undefined): StoredWeight {
		const tensor = this.tensor(index);
		try {
			return constantOf(tensor);
		} catch (error) {
			const fault =
				error instanceof RangeError
					? 'has not as many numbers as its shape says'
					: `holds numbers of the type ${typeName(tensor)}, which are not computed with here`;
			throw new LabError(`The weight “${tensor.name}” of “${this.file}” ${fault}.`, 'Convert the model again.', {
				cause: error
			});
		}
	}

	/** How a node reads a tensor: what makes it, or a constant of its own. */
	reference(index: number | undefined): string {
		const known = index === undefined ? undefined : this.#references.get(index);
		if (known !== undefined) return known;
		if (!this.isConstant(index))
			throw new LabError(
				`“${this.file}” reads the tensor “${this.tensor(index).name}” before it is computed.`,
				'Convert the model again.'
			);
		const reference = this.constant(this.tensor(index).name, this.values(index));
		this.#references.set(index, reference);
		return reference;
	}

	/** From now on the tensor is read from there. */
	computed(index: number, reference: string): void {
		this.#references.set(index, reference);
	}
}
