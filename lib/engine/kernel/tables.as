/** Look-up tables of combinations. */

/**
 * Products of factors: entry e is the product over parts j of values[j][codes[j][e]].
 *
 * @param codes, values addresses of u16 and of Float64, of at least two parts; `size` Float32 from `out` on, `step` bytes apart
 */
export function multiply(codes: usize, values: usize, count: u32, size: u32, out: usize, step: u32): void {
  const codes0: usize = load<u32>(codes), codes1: usize = load<u32>(codes, 4);
  const values0: usize = load<u32>(values), values1: usize = load<u32>(values, 4);
  for (let e: usize = 0; e < usize(size); e++, out += step) {
    let product = load<f64>(values0 + (usize(load<u16>(codes0 + (e << 1))) << 3)) *
      load<f64>(values1 + (usize(load<u16>(codes1 + (e << 1))) << 3));
    for (let j: u32 = 2; j < count; j++) {
      const code: usize = load<u16>(usize(load<u32>(codes + (j << 2))) + (e << 1));
      product *= load<f64>(usize(load<u32>(values + (j << 2))) + (code << 3));
    }
    store<f32>(out, f32(product));
  }
}
