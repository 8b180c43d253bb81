using System.Text;
using Lazykick.Auditing.Bytes;

namespace Lazykick.Auditing.Types;

/// <summary>
/// Layouts of structures from the BTF that a kernel carries (Documentation/bpf/btf.rst). What is asked for is read, the
/// rest is stepped over.
/// </summary>
public sealed class BtfReader
{
    /// <summary>Bytes of the header of version 1.</summary>
    public const int HeaderSize = 24;

    private const int Struct = 4;
    private const int Union = 5;
    private const int MaxTypes = 4_000_000;
    private const int MaxDepth = 8;
    private const int MaxMembers = 10_000;
    private readonly ByteView _types;
    private readonly ByteView _names;
    private readonly List<int> _records = [0];

    private BtfReader(ByteView types, ByteView names)
    {
        _types = types;
        _names = names;
    }

    /// <summary>Does BTF begin here? The header alone tells.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize || bytes is not [0x9f, 0xeb, 1, ..])
        {
            return false;
        }

        var view = new ByteView(bytes[..HeaderSize].ToArray());
        long header = view.U32(4),
            typesAt = view.U32(8),
            types = view.U32(12),
            namesAt = view.U32(16),
            names = view.U32(20);
        return header >= HeaderSize
            && typesAt % 4 == 0
            && types > 0
            && names > 0
            && namesAt >= typesAt + types
            && header + namesAt + names <= bytes.Length;
    }

    /// <summary>Reads layouts.</summary>
    /// <param name="btf">From the header on.</param>
    /// <param name="wanted">Names of structures. Of two with one name the first counts.</param>
    /// <returns>Those of them that are there.</returns>
    /// <exception cref="ImageException">It is no BTF, or of a kind that is not known, or damaged.</exception>
    public static IReadOnlyDictionary<string, StructLayout> Read(ByteView btf, IReadOnlyCollection<string> wanted)
    {
        if (!IsHeader(btf.Memory.Span))
        {
            throw new ImageException(0, "no BTF of version 1 begins here");
        }

        long header = btf.U32(4);
        var reader = new BtfReader(
            btf.Slice(header + btf.U32(8), btf.U32(12)),
            btf.Slice(header + btf.U32(16), btf.U32(20))
        );
        return reader.Find([.. wanted.Select(w => (w, Encoding.ASCII.GetBytes(w + "\0")))]);
    }

    private Dictionary<string, StructLayout> Find(List<(string Name, byte[] Bytes)> wanted)
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var at = 0; at < _types.Length;)
        {
            if (_records.Count > MaxTypes)
            {
                throw new ImageException(at, $"more than {MaxTypes:N0} types of BTF");
            }

            var kind = Kind(at);
            if (kind == Struct)
            {
                foreach (var (name, bytes) in wanted)
                {
                    if (IsName(_types.U32(at), bytes))
                    {
                        found.TryAdd(name, at);
                    }
                }
            }

            _records.Add(at);
            at += 12 + Tail(kind, Count(at), at);
        }

        return found.ToDictionary(f => f.Key, f => Layout(f.Value), StringComparer.Ordinal);
    }

    private StructLayout Layout(int record)
    {
        var members = new Dictionary<string, int>(StringComparer.Ordinal);
        Members(record, 0, 0, members);
        return new StructLayout((int)_types.U32(record + 8), members);
    }

    private void Members(int record, int offset, int depth, Dictionary<string, int> members)
    {
        var hasBitFields = _types.U32(record + 4) >> 31 != 0;
        for (var i = 0; i < Count(record); i++)
        {
            var at = record + 12 + (i * 12);
            var bits = _types.U32(at + 8);
            var place = offset + (int)((hasBitFields ? bits & 0xffffff : bits) / 8);
            var name = _types.U32(at);
            if (name != 0)
            {
                members.TryAdd(_names.Text(name), place);
            }
            else if (
                _types.U32(at + 4) is var type
                && type < (uint)_records.Count
                && Kind(_records[(int)type]) is Struct or Union
                && depth < MaxDepth
            )
            {
                Members(_records[(int)type], place, depth + 1, members);
            }

            if (members.Count > MaxMembers)
            {
                throw new ImageException(at, $"more than {MaxMembers:N0} members of a structure of BTF");
            }
        }
    }

    private int Kind(int record) => (int)((_types.U32(record + 4) >> 24) & 31);

    private int Count(int record) => (int)(_types.U32(record + 4) & 0xffff);

    private bool IsName(uint offset, byte[] name) =>
        offset != 0
        && offset <= (uint)(_names.Length - Math.Min(_names.Length, name.Length))
        && _names.Span(offset, name.Length).SequenceEqual(name);

    private static int Tail(int kind, int count, int at) =>
        kind switch
        {
            // int, var, declaration tag
            1 or 14 or 17 => 4,
            3 => 12,
            // struct, union, section, enumeration of 64 bits
            Struct or Union or 15 or 19 => count * 12,
            // enumeration, parameters
            6 or 13 => count * 8,
            2 or 7 or 8 or 9 or 10 or 11 or 12 or 16 or 18 => 0,
            _ => throw new ImageException(at, $"type kind {kind} of BTF is not known"),
        };
}
