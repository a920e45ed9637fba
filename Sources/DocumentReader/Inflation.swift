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
    var result: [UInt8] = []
    var (from, room) = (0, min(limit, 1024))
    var isDecided = false
    unsafe packed.withUnsafeBytes { packed in
      var goesOn = true
      while goesOn, from < packed.count, result.count < limit {
        if result.count == room {
          if !isDecided {
            guard isWanted(result[...]) else { return result.removeAll() }
            isDecided = true
          }
          // Operators are packed to a tenth at best, but for what is made to burst.
          room += min(limit - room, max(room, 6 * (packed.count - from)))
        }
        // Most of the room is never filled: it costs nothing as long as nobody touches it.
        goesOn = unsafe withUnsafeTemporaryAllocation(
          byteCount: room - result.count, alignment: 1
        ) { buffer in
          var (read, written): (gsize, gsize) = (0, 0)
          let state = unsafe g_converter_convert(
            inflater, packed.baseAddress.map { unsafe $0 + from }, gsize(packed.count - from),
            buffer.baseAddress, gsize(buffer.count), G_CONVERTER_NO_FLAGS, &read, &written, nil)
          from += Int(read)
          unsafe result.append(contentsOf: buffer[..<Int(written)])
          return state == G_CONVERTER_CONVERTED && (read > 0 || written > 0)
        }
      }
    }
    return isDecided || isWanted(result[...]) ? result : []
  }
}
