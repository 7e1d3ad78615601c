// t-SNE's descent, every pair of rows looked at: `push` sums what drives a row away from all others, `total` adds up how
// near all are to each other, `move` adds what pulls and moves the row.

struct Job {
	count : u32,
	pull : f32,
	rate : f32,
	momentum : f32
}

@group(0) @binding(0) var<storage, read> now : array<vec4f>;
@group(0) @binding(1) var<storage, read_write> pushes : array<vec4f>;
@group(0) @binding(2) var<storage, read_write> sum : array<f32>;
@group(0) @binding(3) var<uniform> job : Job;
@group(0) @binding(4) var<storage, read> offsets : array<u32>;
@group(0) @binding(5) var<storage, read> edges : array<vec2u>;
@group(0) @binding(6) var<storage, read_write> next : array<vec4f>;
// Velocity and gain of each row, in turns.
@group(0) @binding(7) var<storage, read_write> state : array<vec4f>;

const LANES = 64u;
const MIN_GAIN = 0.01;
var<workgroup> tile : array<vec4f, LANES>;
var<workgroup> partial : array<f32, LANES>;

@compute @workgroup_size(64)
fn push(@builtin(global_invocation_id) id : vec3u, @builtin(local_invocation_index) lane : u32) {
	let own = now[min(id.x, job.count - 1u)].xyz;
	var force = vec4f();
	for (var first = 0u; first < job.count; first += LANES) {
		workgroupBarrier();
		tile[lane] = now[min(first + lane, job.count - 1u)];
		workgroupBarrier();
		let most = min(LANES, job.count - first);
		for (var i = 0u; i < most; i++) {
			let apart = own - tile[i].xyz;
			let q = 1.0 / (1.0 + dot(apart, apart));
			force += vec4f(q * q * apart, q);
		}
	}
	// Itself was among them.
	if (id.x < job.count) { pushes[id.x] = force - vec4f(0.0, 0.0, 0.0, 1.0); }
}

@compute @workgroup_size(64)
fn total(@builtin(local_invocation_index) lane : u32) {
	var own = 0.0;
	for (var i = lane; i < job.count; i += LANES) { own += pushes[i].w; }
	partial[lane] = own;
	for (var half = LANES / 2u; half > 0u; half /= 2u) {
		workgroupBarrier();
		if (lane < half) { partial[lane] += partial[lane + half]; }
	}
	if (lane == 0u) { sum[0] = partial[0]; }
}

@compute @workgroup_size(64)
fn move_rows(@builtin(global_invocation_id) id : vec3u) {
	let row = id.x;
	if (row >= job.count) { return; }
	let own = now[row].xyz;
	var slope = -4.0 * pushes[row].xyz / max(sum[0], 1e-30);
	for (var e = offsets[row]; e < offsets[row + 1u]; e++) {
		let edge = edges[e];
		let apart = own - now[edge.x].xyz;
		slope += 4.0 * job.pull * bitcast<f32>(edge.y) / (1.0 + dot(apart, apart)) * apart;
	}
	let velocity = state[2u * row].xyz;
	let gains = state[2u * row + 1u].xyz;
	let gain = max(vec3f(MIN_GAIN), select(0.8 * gains, gains + 0.2, slope * velocity < vec3f()));
	let speed = job.momentum * velocity - job.rate * gain * slope;
	state[2u * row] = vec4f(speed, 0.0);
	state[2u * row + 1u] = vec4f(gain, 0.0);
	next[row] = vec4f(own + speed, 0.0);
}
