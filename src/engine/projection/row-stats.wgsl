// What makes a row one of length one: its mean (0 for cosine), the inverse of its length, and 1 in place of both where it
// has no direction.

struct Job {
	width : u32,
	count : u32,
	centred : u32,
	unused : u32
}

@group(0) @binding(0) var<storage, read> rows : array<f32>;
@group(0) @binding(1) var<storage, read_write> stats : array<vec4f>;
@group(0) @binding(2) var<uniform> job : Job;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id : vec3u, @builtin(num_workgroups) groups : vec3u) {
	let row = id.x + id.y * groups.x * 64u;
	if (row >= job.count) { return; }
	let first = row * job.width;
	var mean = 0.0;
	if (job.centred == 1u) {
		for (var c = 0u; c < job.width; c++) { mean += rows[first + c] / f32(job.width); }
	}
	var square = 0.0;
	for (var c = 0u; c < job.width; c++) {
		let x = rows[first + c] - mean;
		square += x * x;
	}
	let size = sqrt(square);
	if (size > 1e-6 * abs(mean) * sqrt(f32(job.width))) {
		stats[row] = vec4f(mean, 1.0 / size, 0.0, 0.0);
	} else {
		stats[row] = vec4f(mean, 0.0, 1.0, 0.0);
	}
}
