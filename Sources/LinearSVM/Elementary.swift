// The C library's exp and log differ from processor to processor in the last bit. These do not: they use
// + − × ÷ alone, which IEEE 754 defines to the bit, and Swift never fuses a product with a sum.
//
// The method and the constants are those of FreeBSD's msun (e_exp.c, e_log.c):
// Copyright (C) 1993, 2004 by Sun Microsystems, Inc. All rights reserved.
// Permission to use, copy, modify, and distribute this software is freely granted, provided that this
// notice is preserved.

/// Exponential and logarithm with the same bits on every machine.
enum Elementary {
  private static let ln2High = Double(bitPattern: 0x3fe6_2e42_fee0_0000)
  private static let ln2Low = Double(bitPattern: 0x3dea_39ef_3579_3c76)

  /// e^x, within 1 unit in the last place.
  static func exp(_ x: Double) -> Double {
    if x.isNaN { return x }
    if x > Double(bitPattern: 0x4086_2e42_fefa_39ef) { return .infinity }
    if x < Double(bitPattern: 0xc087_4910_d52d_3051) { return 0 }
    let scaled = x * Double(bitPattern: 0x3ff7_1547_652b_82fe)
    let k = Int(scaled + (x < 0 ? -0.5 : 0.5))
    let high = x - Double(k) * ln2High
    let low = Double(k) * ln2Low
    let r = high - low
    let t = r * r
    var p =
      Double(bitPattern: 0xbebb_bd41_c5d2_6bf1) + t * Double(bitPattern: 0x3e66_3769_72be_a4d0)
    p = Double(bitPattern: 0x3f11_566a_af25_de2c) + t * p
    p = Double(bitPattern: 0xbf66_c16c_16be_bd93) + t * p
    p = Double(bitPattern: 0x3fc5_5555_5555_553e) + t * p
    let c = r - t * p
    if k == 0 { return 1 - ((r * c) / (c - 2) - r) }
    let y = 1 - ((low - (r * c) / (2 - c)) - high)
    if k > 1023 { return y * power(1023) * power(k - 1023) }
    return k >= -1021 ? y * power(k) : y * power(k + 1000) * power(-1000)
  }

  /// Two to the power of a whole number between −1022 and 1023.
  private static func power(_ exponent: Int) -> Double {
    Double(bitPattern: UInt64(exponent + 1023) << 52)
  }

  /// The natural logarithm of a positive number, within 1 unit in the last place.
  static func log(_ x: Double) -> Double {
    guard x > 0 else { return x == 0 ? -.infinity : .nan }
    guard x.isFinite else { return x }
    var x = x
    var k = 0
    if x < 0x1p-1022 {
      x *= 0x1p54
      k = -54
    }
    let bits = x.bitPattern
    k += Int(bits >> 52) - 1023
    let mantissa = Int(bits >> 32) & 0xfffff
    let carry = (mantissa + 0x95f64) & 0x100000
    k += carry >> 20
    let exponent: UInt64 = carry == 0 ? 0x3ff0_0000_0000_0000 : 0x3fe0_0000_0000_0000
    let f = Double(bitPattern: bits & 0x000f_ffff_ffff_ffff | exponent) - 1
    let dk = Double(k)
    if f == 0 { return dk * ln2High + dk * ln2Low }
    let s = f / (2 + f)
    let z = s * s
    let w = z * z
    var even =
      Double(bitPattern: 0x3fcc_71c5_1d8e_78af) + w * Double(bitPattern: 0x3fc3_9a09_d078_c69f)
    even = w * (Double(bitPattern: 0x3fd9_9999_9997_fa04) + w * even)
    var odd =
      Double(bitPattern: 0x3fc7_4664_96cb_03de) + w * Double(bitPattern: 0x3fc2_f112_df3e_5244)
    odd = Double(bitPattern: 0x3fd2_4924_9422_9359) + w * odd
    odd = z * (Double(bitPattern: 0x3fe5_5555_5555_5593) + w * odd)
    let r = odd + even
    if (mantissa - 0x6147a) | (0x6b851 - mantissa) > 0 {
      let half = 0.5 * f * f
      return dk * ln2High - ((half - (s * (half + r) + dk * ln2Low)) - f)
    }
    return dk * ln2High - ((s * (f - r) - dk * ln2Low) - f)
  }

  /// 1 / (1 + e^−x).
  static func sigmoid(_ x: Double) -> Double {
    if x >= 0 { return 1 / (1 + exp(-x)) }
    let e = exp(x)
    return e / (1 + e)
  }

  /// ln(1 + e^x).
  static func softplus(_ x: Double) -> Double {
    x > 0 ? x + log(1 + exp(-x)) : log(1 + exp(x))
  }

  /// The nearest whole number to one between 0 and 2³¹, ties to even, without the C library's rint.
  static func nearest(_ x: Double) -> Int { Int((x + 0x1.8p52) - 0x1.8p52) }
}
