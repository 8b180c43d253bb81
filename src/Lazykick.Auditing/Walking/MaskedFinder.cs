using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Code;
using Lazykick.Auditing.Images;
using Lazykick.Auditing.Models;

namespace Lazykick.Auditing.Walking;

/// <summary>
/// Looks for interrupts sent, and for waiting loops, with interrupts masked. One function at a time: what a caller
/// masked is not known, so more such places may exist; and a path is not told from another, so a place may be none.
/// </summary>
public sealed class MaskedFinder
{
    private const int Open = 1;
    private const int Masked = 2;
    private const int MostSteps = 20_000;
    private readonly KernelImage _image;
    private readonly AuditModel _model;
    private readonly CodeReader _code;

    private MaskedFinder(KernelImage image, AuditModel model)
    {
        _image = image;
        _model = model;
        _code = new CodeReader(image.Machine, image.Space);
    }

    /// <summary>Searches all text that stays after boot.</summary>
    public static IReadOnlyList<MaskedPlace> Find(
        KernelImage image,
        AuditModel? model = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(image);
        var finder = new MaskedFinder(image, model ?? AuditModel.Default);
        var result = new List<MaskedPlace>();
        foreach (var function in finder.Candidates())
        {
            cancellation.ThrowIfCancellationRequested();
            finder.Function(function, result);
        }

        return [.. result.Distinct().OrderBy(p => p.IsWait).ThenBy(p => p.Place, StringComparer.Ordinal)];
    }

    private SortedSet<ulong> Candidates()
    {
        var result = new SortedSet<ulong>();
        var targets = _image.Symbols.Code.Where(s => _model["ipi"].Contains(s.Name)).Select(s => s.Address).ToHashSet();
        CallGraph.Scan(_image, targets, (site, _) => Add(site));
        ReadOnlySpan<byte> pause = [0xf3, 0x90];
        foreach (
            var region in _image.Space.Regions.Where(r =>
                r.IsCode && !r.Name.StartsWith(".init", StringComparison.Ordinal)
            )
        )
        {
            var bytes = region.Bytes.AsSpan();
            if (_image.Machine == MachineKind.Arm64)
            {
                for (var at = 0; at + 4 <= bytes.Length; at += 4)
                {
                    // yield, wfe
                    if (
                        bytes[at + 3] == 0xd5
                        && bytes[at + 2] == 0x03
                        && bytes[at + 1] == 0x20
                        && bytes[at] is 0x3f or 0x5f
                    )
                    {
                        Add(region.Address + (ulong)at);
                    }
                }
            }
            else
            {
                for (var from = 0; bytes[from..].IndexOf(pause) is var hit and >= 0; from += hit + 1)
                {
                    Add(region.Address + (ulong)(from + hit));
                }
            }
        }

        return result;

        void Add(ulong site)
        {
            if (!_image.Sections.Init.Contains(site) && _image.Symbols.FunctionAt(site, out _) is { } function)
            {
                result.Add(function.Address);
            }
        }
    }

    private void Function(ulong start, List<MaskedPlace> result)
    {
        var states = new Dictionary<ulong, int>();
        var work = new Stack<ulong>();
        Merge(start, Open);
        for (var steps = 0; work.TryPop(out var at) && steps < MostSteps; steps++)
        {
            if (!_image.Space.IsCode(at))
            {
                continue;
            }

            var insn = _code.At(at);
            var state = After(insn, states[at]);
            foreach (var next in Successors(insn, start))
            {
                Merge(next, state);
            }
        }

        foreach (var (at, state) in states.Where(s => (s.Value & Masked) != 0))
        {
            var insn = _code.At(at);
            if (
                insn.Flow is FlowKind.Call or FlowKind.Jump
                && insn.Target != start
                && _image.Symbols.NamesAt(insn.Target).FirstOrDefault(_model["ipi"].Contains) is { } sender
            )
            {
                result.Add(new MaskedPlace(_image.Place(at), sender, IsWait: false, (state & Open) == 0));
            }
            else if (insn.Has(Effects.Relax) && IsInLoop(at, start))
            {
                result.Add(new MaskedPlace(_image.Place(at), null, IsWait: true, (state & Open) == 0));
            }
        }

        void Merge(ulong at, int state)
        {
            var old = states.GetValueOrDefault(at);
            if ((old | state) != old)
            {
                states[at] = old | state;
                work.Push(at);
            }
        }
    }

    private int After(Insn insn, int state)
    {
        if (insn.Has(Effects.Mask) || IsAlternative(insn.Address, Effects.Mask))
        {
            return Masked;
        }

        if (insn.Has(Effects.Unmask) || IsAlternative(insn.Address, Effects.Unmask))
        {
            return Open;
        }

        if (insn.Flow != FlowKind.Call)
        {
            return state;
        }

        var name = _image.Symbols.FunctionAt(insn.Target, out _)?.Name ?? "";
        return !name.StartsWith("_raw_", StringComparison.Ordinal) || !name.Contains("_irq", StringComparison.Ordinal)
                ? state
            : name.Contains("unlock", StringComparison.Ordinal) ? Open
            : Masked;
    }

    /// <summary>A call of pv_ops that becomes cli or sti on bare metal.</summary>
    private bool IsAlternative(ulong address, Effects effect) =>
        _image.Machine == MachineKind.X86
        && _image
            .Tables.Alternatives[address]
            .Any(a => a is { IsCallback: false, ReplacementLength: > 0 } && _code.At(a.Replacement).Has(effect));

    private IEnumerable<ulong> Successors(Insn insn, ulong start)
    {
        if (
            insn.Flow is FlowKind.Next or FlowKind.Branch or FlowKind.Call or FlowKind.IndirectCall
            && !_image.Symbols.IsStart(insn.Next)
        )
        {
            yield return insn.Next;
        }

        if (
            insn.Flow is FlowKind.Jump or FlowKind.Branch
            && (insn.Target == start || !_image.Symbols.IsStart(insn.Target))
        )
        {
            yield return insn.Target;
        }

        if (_image.Tables.Jumps.TryGetValue(insn.Address, out var jump))
        {
            yield return jump.Target;
        }
    }

    private bool IsInLoop(ulong at, ulong start)
    {
        var seen = new HashSet<ulong>();
        var work = new Stack<ulong>(Successors(_code.At(at), start));
        while (work.TryPop(out var next) && seen.Count < 400)
        {
            if (next == at)
            {
                return true;
            }

            if (seen.Add(next) && _image.Space.IsCode(next))
            {
                foreach (var successor in Successors(_code.At(next), start))
                {
                    work.Push(successor);
                }
            }
        }

        return false;
    }
}
