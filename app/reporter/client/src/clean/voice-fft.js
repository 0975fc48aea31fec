// The discrete Fourier transform, in place, of a power of two (Cooley and Tukey, 1965).

/** @typedef {{size: number, forth: (re: Float32Array, im: Float32Array) => void}} Fourier */

/**
 * @param {number} size a power of two
 * @returns {Fourier} `forth` transforms; given the parts the other way round, it goes back (without dividing by `size`)
 */
export function makeFourier(size) {
  const bits = Math.log2(size);
  const turned = Uint16Array.from({ length: size }, (_, n) => {
    let out = 0;
    for (let bit = 0; bit < bits; bit += 1) out |= ((n >> bit) & 1) << (bits - 1 - bit);
    return out;
  });
  const cos = Float32Array.from({ length: size / 2 }, (_, n) => Math.cos((2 * Math.PI * n) / size));
  const sin = Float32Array.from({ length: size / 2 }, (_, n) => -Math.sin((2 * Math.PI * n) / size));

  return {
    size,
    forth(re, im) {
      for (let n = 0; n < size; n += 1) {
        const m = turned[n];
        if (m <= n) continue;
        [re[n], re[m]] = [re[m], re[n]];
        [im[n], im[m]] = [im[m], im[n]];
      }
      for (let half = 1; half < size; half *= 2) {
        const stride = size / half / 2;
        for (let start = 0; start < size; start += 2 * half) {
          for (let i = 0; i < half; i += 1) {
            const low = start + i;
            const high = low + half;
            const [c, s] = [cos[i * stride], sin[i * stride]];
            const real = re[high] * c - im[high] * s;
            const imaginary = re[high] * s + im[high] * c;
            re[high] = re[low] - real;
            im[high] = im[low] - imaginary;
            re[low] += real;
            im[low] += imaginary;
          }
        }
      }
    },
  };
}
