import CPoppler

/// Unpacks what /FlateDecode packs, by GIO, which poppler links anyway.
enum Inflation {
  /// The beginning of what `packed` holds, at most `limit` bytes; what is damaged ends there.
  ///
  /// - Parameter isWanted: told the first 1,024 bytes, or all when there are fewer: without its consent there is
  ///   nothing.
  static func inflate(
    _ packed: ArraySlice<UInt8>, atMost limit: Int,
    where isWanted: (ArraySlice<UInt8>) -> Bool = { _ in true }
  ) -> [UInt8] {
    guard let inflater = unsafe g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_ZLIB) else {
      return []
    }
    defer { unsafe g_object_unref(UnsafeMutableRawPointer(inflater)) }
    var result = [UInt8](repeating: 0, count: min(limit, 1024))
    var (from, to) = (0, 0)
    var isDecided = false
    unsafe packed.withUnsafeBytes { packed in
      while from < packed.count, to < limit {
        if to == result.count {
          if !isDecided {
            guard isWanted(result[...]) else {
              to = 0
              return
            }
            isDecided = true
          }
          // Operators are packed to a tenth at best, but for what is made to burst.
          let more = max(result.count, 6 * (packed.count - from))
          result += [UInt8](repeating: 0, count: min(limit - to, more))
        }
        let space = result.count
        let goesOn = unsafe result.withUnsafeMutableBytes { result in
          var (read, written): (gsize, gsize) = (0, 0)
          let state = unsafe g_converter_convert(
            inflater, packed.baseAddress.map { unsafe $0 + from },
            gsize(packed.count - from), result.baseAddress.map { unsafe $0 + to },
            gsize(space - to), G_CONVERTER_NO_FLAGS, &read, &written, nil)
          from += Int(read)
          to += Int(written)
          return state == G_CONVERTER_CONVERTED && (read > 0 || written > 0)
        }
        guard goesOn else { break }
      }
    }
    result.removeSubrange(to...)
    return isDecided || isWanted(result[...]) ? result : []
  }
}
