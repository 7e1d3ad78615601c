// Counter-based standard normal noise; the twin of maths/hash-normal.ts, line by line.
fn labPcg(value : u32) -> u32 {
	let state = value * 747796405u + 2891336453u;
	let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
	return (word >> 22u) ^ word;
}

fn labUniform(sample : u32, cell : u32, draw : u32) -> f32 {
	let bits = labPcg(labPcg(labPcg(labPcg(u32(uniforms.seed)) + sample) + cell) + draw);
	return (f32(bits >> 8u) + 0.5) / 16777216.0;
}

fn main(index : i32) {
	if (index < uniforms.size) {
		let sample = u32(uniforms.first + index / uniforms.cells);
		let cell = u32(index % uniforms.cells);
		let radius = sqrt(-2.0 * log(labUniform(sample, cell, 0u)));
		setOutputAtIndex(index, radius * cos(6.283185307179586 * labUniform(sample, cell, 1u)));
	}
}
