import CPoppler

/// Unpacks what /FlateDecode packs, by GIO, which poppler links anyway.
enum Inflation {
  /// The beginning of what `packed` holds, at most `limit` bytes; what is damaged ends there.
  static func inflate(_ packed: ArraySlice<UInt8>, atMost limit: Int) -> [UInt8] {
    guard let inflater = unsafe g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_ZLIB) else {
      return []
    }
    defer { unsafe g_object_unref(UnsafeMutableRawPointer(inflater)) }
    var result = [UInt8](repeating: 0, count: limit)
    var (from, to) = (0, 0)
    unsafe packed.withUnsafeBytes { packed in
      unsafe result.withUnsafeMutableBytes { result in
        while from < packed.count, to < limit {
          var (read, written): (gsize, gsize) = (0, 0)
          let state = unsafe g_converter_convert(
            inflater, packed.baseAddress.map { unsafe $0 + from },
            gsize(packed.count - from), result.baseAddress.map { unsafe $0 + to },
            gsize(limit - to), G_CONVERTER_NO_FLAGS, &read, &written, nil)
          from += Int(read)
          to += Int(written)
          guard state == G_CONVERTER_CONVERTED, read > 0 || written > 0 else { break }
        }
      }
    }
    result.removeSubrange(to...)
    return result
  }
}
