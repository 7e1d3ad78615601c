import type { Values } from '#engine/model/onnx/definition.ts';

/** Numbers of a constant that still lie in its file, or are worked out of such: read when somebody asks for them. */
export class Later {
	/** Where they were asked for while the graph was translated. */
	known: Values | null = null;

	/** @param of those that they are worked out of, and by which recipe; none for those of the file themselves */
	constructor(
		private readonly load: () => Promise<Values>,
		private readonly of: readonly Later[] = [],
		private readonly recipe = '',
		/** What else goes in. */
		private readonly fixed: readonly Values[] = []
	) {}

	/** Whether the numbers are the same for sure. */
	same(other: Later): boolean {
		if (this === other) return true;
		return (
			this.of.length > 0 &&
			this.of.length === other.of.length &&
			this.recipe === other.recipe &&
			this.fixed.every((values, k) => values === other.fixed[k]) &&
			this.of.every((one, k) => one.same(other.of[k] as Later))
		);
	}

	get sources(): readonly Later[] {
		return this.of.length ? this.of.flatMap(({ sources }) => sources) : [this];
	}

	async read(): Promise<Values> {
		return this.known ?? this.load();
	}
}

/** The graph cannot be translated without these numbers: they are read, and it is translated anew. */
export class NumbersNeeded extends Error {
	override readonly name = 'NumbersNeeded';
	constructor(readonly sources: readonly Later[]) {
		super('Numbers are needed that have not been read.');
	}
}
