// A step of UMAP's layout, a thread for each row: it reads where the others were, moves itself and writes the other buffer.
// No atomics: rows may come in any order, to the same bits. Its twin is maths/projection/gather-layout.ts.

struct Job {
	count : u32,
	step : u32,
	alpha : f32,
	seed : u32,
	negatives : u32,
	// Of the table: its first index, and how far a number's bits are shifted.
	first : u32,
	shift : u32,
	last : u32
}

@group(0) @binding(0) var<storage, read> offsets : array<u32>;
// Column and share of 2^32 per step, in turns.
@group(0) @binding(1) var<storage, read> edges : array<vec2u>;
@group(0) @binding(2) var<storage, read> factors : array<vec2f>;
@group(0) @binding(3) var<storage, read> now : array<f32>;
@group(0) @binding(4) var<storage, read_write> next : array<f32>;
@group(0) @binding(5) var<uniform> job : Job;

override DEEP : bool = false;
const PULLS = 2u;
const CLIP = 4.0;

fn pcg(value : u32) -> u32 {
	let state = value * 747796405u + 2891336453u;
	let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
	return (word >> 22u) ^ word;
}

fn position(row : u32) -> vec3f {
	if (DEEP) { return vec3f(now[3u * row], now[3u * row + 1u], now[3u * row + 2u]); }
	return vec3f(now[2u * row], now[2u * row + 1u], 0.0);
}

fn factor(square : f32) -> vec2f {
	let index = i32(bitcast<u32>(square) >> job.shift) - i32(job.first);
	return factors[clamp(index, 0, i32(job.last))];
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id : vec3u, @builtin(num_workgroups) groups : vec3u) {
	let row = id.x + id.y * groups.x * 64u;
	if (row >= job.count) { return; }
	var own = position(row);
	var word = pcg(pcg(pcg(pcg(job.seed) + job.step) + row));
	for (var e = offsets[row]; e < offsets[row + 1u]; e++) {
		let edge = edges[e];
		let sum = pcg(e ^ job.seed) + job.step * edge.y;
		// Its turn when the sum overflows.
		if (sum + edge.y >= sum) { continue; }
		let other = position(edge.x);
		for (var pull = 0u; pull < PULLS; pull++) {
			let apart = own - other;
			let square = dot(apart, apart);
			if (square > 0.0) {
				own += job.alpha * clamp(factor(square).x * apart, vec3f(-CLIP), vec3f(CLIP));
			}
		}
		for (var push = 0u; push < job.negatives; push++) {
			word = pcg(word);
			let drawn = min(job.count - 1u, u32(f32(word >> 8u) * (f32(job.count) / 16777216.0)));
			if (drawn == row) { continue; }
			let apart = own - position(drawn);
			let square = dot(apart, apart);
			if (square > 0.0) {
				own += job.alpha * clamp(factor(square).y * apart, vec3f(-CLIP), vec3f(CLIP));
			} else {
				// Of two rows at one position, each goes its own way.
				own += job.alpha * select(vec3f(-CLIP), vec3f(CLIP), row < drawn);
				if (!DEEP) { own.z = 0.0; }
			}
		}
	}
	if (DEEP) {
		next[3u * row] = own.x;
		next[3u * row + 1u] = own.y;
		next[3u * row + 2u] = own.z;
	} else {
		next[2u * row] = own.x;
		next[2u * row + 1u] = own.y;
	}
}
