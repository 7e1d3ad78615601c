import type { Facet, Identity } from '#contracts/identity.ts';

/** What was asked of the playground and is not shown yet: until it is, all that is shown is of something else. */
export class Pending {
	#facets = $state.raw<readonly Facet[]>([]);

	/** While the action runs, what is shown is of another one. */
	async during<T>(facet: Facet, action: () => Promise<T>): Promise<T> {
		this.#facets = [...this.#facets, facet];
		try {
			return await action();
		} finally {
			const at = this.#facets.indexOf(facet);
			this.#facets = this.#facets.filter((_, i) => i !== at);
		}
	}

	/** Keys of now, of facets whose key is `shown` in all that is shown. */
	get now(): Identity {
		return { ...SHOWN, ...Object.fromEntries(this.#facets.map((facet) => [facet, 'requested'])) };
	}
}

/** What pictures are of: the weights of a moment, however they are trained from now on. */
export const PICTURED: Identity = { moment: 'shown', weights: 'shown' };
/** What figures are of: of the settings, too. */
export const SHOWN: Identity = { ...PICTURED, parameters: 'shown' };
