using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Code;
using Lazykick.Auditing.Images;
using Lazykick.Auditing.Layout;
using Lazykick.Auditing.Walking;

namespace Lazykick.Auditing.Keys;

/// <summary>Finds out who changes keys: functions whose text names the key's address.</summary>
internal sealed class KeyTable
{
    private const int MostSteps = 16;
    private readonly WalkContext _context;
    private readonly KernelImage _image;
    private readonly HashSet<ulong> _keys;
    private readonly Dictionary<ulong, SortedDictionary<string, (bool IsInit, bool Updates)>> _users = [];
    private readonly Dictionary<ulong, SortedSet<string>> _pointers = [];
    private readonly ulong _low;
    private readonly ulong _high;

    public KeyTable(WalkContext context, IEnumerable<ulong> keys)
    {
        _context = context;
        _image = context.Image;
        _keys = [.. keys];
        if (_keys.Count == 0)
        {
            return;
        }

        (_low, _high) = (_keys.Min(), _keys.Max());
        foreach (var region in _image.Space.Regions)
        {
            Scan(region);
        }
    }

    public KeyFacts this[ulong key]
    {
        get
        {
            var users = _users.GetValueOrDefault(key) ?? [];
            var name = _context.KeyName(key);
            var updaters = users.Where(u => u.Value.Updates).Select(u => new KeyUser(u.Key, u.Value.IsInit)).ToList();
            var others = users.Where(u => !u.Value.Updates).Select(u => new KeyUser(u.Key, u.Value.IsInit)).ToList();
            var pointers = (_pointers.GetValueOrDefault(key) ?? []).ToList();
            var exported = _image.Tables.Exported?.ContainsKey(key);
            return new KeyFacts(
                name,
                key,
                Judge(key, updaters, others, pointers, exported),
                updaters,
                others,
                pointers,
                exported,
                _context.Model.Allowed.GetValueOrDefault(name)
            );
        }
    }

    private Sealing Judge(
        ulong key,
        List<KeyUser> updaters,
        List<KeyUser> others,
        List<string> pointers,
        bool? exported
    )
    {
        var sealedRange = _image.Tables.ReadOnlyAfterInit;
        if (sealedRange.Contains(key))
        {
            return Sealing.Sealed;
        }

        if (sealedRange.IsEmpty || _image.External.ContainsKey(key))
        {
            return Sealing.Unknown;
        }

        if (exported == true || updaters.Exists(u => !u.IsInit) || pointers.Count > 0)
        {
            return Sealing.Runtime;
        }

        // A function that takes the address without a call that is known may pass it on.
        return exported is null ? Sealing.Unknown
            : updaters.Count > 0 ? Sealing.InitOnly
            : others.Exists(u => !u.IsInit) ? Sealing.Runtime
            : others.Count > 0 ? Sealing.InitOnly
            : Sealing.NoUpdater;
    }

    private void Scan(MemoryRegion region)
    {
        var isImage = region.Name == "Image";
        if (isImage || !region.IsCode || region.Name == ".data")
        {
            ScanPointers(region);
        }

        if (!region.IsCode || region.Name == ".data")
        {
            return;
        }

        if (_image.Machine == MachineKind.Arm64)
        {
            foreach (
                var range in isImage
                    ? [_image.Sections.Text, _image.Sections.Init]
                    : new[] { new AddressRange(region.Address, region.End) }
            )
            {
                if (range.Start >= region.Address && range.End <= region.End && !range.IsEmpty)
                {
                    ScanArm64(region.Bytes.AsSpan((int)(range.Start - region.Address), (int)range.Size), range.Start);
                }
            }
        }
        else
        {
            ScanX86(region.Bytes, region.Address);
        }
    }

    private void ScanPointers(MemoryRegion region)
    {
        if (region.Name.StartsWith(".orc", StringComparison.Ordinal) || region.Name is ".BTF" or "__jump_table")
        {
            return;
        }

        var skew = (int)((8 - (region.Address & 7)) & 7);
        var words = MemoryMarshal.Cast<byte, ulong>(region.Bytes.AsSpan(Math.Min(skew, region.Bytes.Length)));
        for (var i = 0; i < words.Length; i++)
        {
            var word = words[i] & ~3UL;
            if (word >= _low && word <= _high && _keys.Contains(word))
            {
                var place = region.Address + (ulong)(skew + (i * 8));
                if (
                    _image.Sections.Init.Contains(place)
                    || region.Name.StartsWith(".init", StringComparison.Ordinal)
                    || region.Name.StartsWith(".rela", StringComparison.Ordinal)
                )
                {
                    continue;
                }

                Pointer(word, $"0x{place:x} in {(region.Name == "Image" ? "data" : region.Name)}");
            }
        }
    }

    private void Pointer(ulong key, string place)
    {
        if (!_pointers.TryGetValue(key, out var places))
        {
            _pointers[key] = places = new SortedSet<string>(StringComparer.Ordinal);
        }

        places.Add(place);
    }

    private void ScanArm64(ReadOnlySpan<byte> bytes, ulong address) =>
        AddressScan.Arm64(
            bytes,
            address,
            _low,
            _high,
            (value, place) =>
            {
                if (_keys.Contains(value))
                {
                    Reference(value, place);
                }
            }
        );

    private void ScanX86(ReadOnlySpan<byte> bytes, ulong address)
    {
        var span = _high - _low;
        for (var at = 0; at + 4 <= bytes.Length; at++)
        {
            var value = (ulong)(long)BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
            var relative = address + (ulong)at + 4 + value;
            if (value - _low <= span && _keys.Contains(value))
            {
                // mov r64, imm64 has four bytes more.
                var isWide = at >= 2 && bytes[at - 2] is 0x48 or 0x49 && bytes[at - 1] is >= 0xb8 and <= 0xbf;
                Reference(value, address + (ulong)at + (isWide ? 8UL : 4UL));
            }
            else if (relative - _low <= span && _keys.Contains(relative))
            {
                Reference(relative, address + (ulong)at + 4);
            }
        }
    }

    /// <summary>The first call after the reference tells: does it change a key?</summary>
    private void Reference(ulong key, ulong at)
    {
        if (_image.Symbols.FunctionAt(at, out _) is not { } function)
        {
            return;
        }

        var updates = false;
        var place = at;
        for (var i = 0; i < MostSteps && _image.Space.IsCode(place); i++)
        {
            var insn = _context.Code.At(place);
            if (insn.Flow is FlowKind.Call || (insn.Flow is FlowKind.Jump && _image.Symbols.IsStart(insn.Target)))
            {
                updates = (
                    _image.External.TryGetValue(insn.Target, out var external)
                        ? [external]
                        : _image.Symbols.NamesAt(insn.Target)
                ).Any(_context.Model["update"].Contains);
                break;
            }

            if (
                insn.Flow
                is FlowKind.Return
                    or FlowKind.Stop
                    or FlowKind.Undecoded
                    or FlowKind.IndirectCall
                    or FlowKind.IndirectJump
            )
            {
                break;
            }

            place = insn.Flow == FlowKind.Jump ? insn.Target : insn.Next;
        }

        if (!_users.TryGetValue(key, out var users))
        {
            _users[key] = users = new SortedDictionary<string, (bool, bool)>(StringComparer.Ordinal);
        }

        var init =
            _image.Sections.Init.Contains(function.Address)
            || _image.Space.Find(function.Address)?.Name is ".init.text" or ".exit.text";
        users[function.Name] = (init, updates || (users.TryGetValue(function.Name, out var old) && old.Updates));
    }
}
