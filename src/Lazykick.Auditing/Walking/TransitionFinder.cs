using Lazykick.Auditing.Code;
using Lazykick.Auditing.Images;
using Lazykick.Auditing.Models;

namespace Lazykick.Auditing.Walking;

/// <summary>
/// Finds the atomics that leave and enter the EQS: those on the per-CPU state, by address; by function where the image
/// has no name for the state.
/// </summary>
internal sealed class TransitionFinder
{
    private const ulong MaxStateSize = 64;
    private const ulong StateSize = 4;

    public TransitionFinder(KernelImage image, CodeReader code, AuditModel model)
    {
        var known = new KnownAddresses(image, code);
        var state = image.Symbols[model.State];
        ByAddress = state is not null;

        // BTF tells where in the per-CPU structure the state is; without it every atomic on the structure counts.
        var offset = model.State == "context_tracking" ? image.Tables.Layouts.StateOffset : null;
        var first = state + (ulong)(offset ?? 0);
        var last = first + (offset is null ? MaxStateSize : StateSize);
        foreach (var symbol in image.Symbols.Code)
        {
            var isNamed = model["transition"].Contains(symbol.Name);
            if (!isNamed && !image.Sections.IsQuiet(symbol.Address))
            {
                continue;
            }

            image.Symbols.FunctionAt(symbol.Address, out var end);
            if (!HasAtomic(image, code, symbol.Address, end, isNamed))
            {
                continue;
            }

            foreach (var (at, address) in known.Of(symbol.Address, end))
            {
                if (state is not null ? address >= first && address < last : isNamed)
                {
                    Atomics.Add(at);
                    Functions.Add(symbol.Address);
                }
                else if (isNamed && address == 0)
                {
                    Unresolved.Add(image.Place(at));
                }
            }
        }
    }

    /// <summary>They were told by the address of the state.</summary>
    public bool ByAddress { get; }

    /// <summary>Addresses of the atomics.</summary>
    public HashSet<ulong> Atomics { get; } = [];

    /// <summary>Functions that hold one.</summary>
    public HashSet<ulong> Functions { get; } = [];

    /// <summary>Atomics of functions that the model names, of which the address is not known.</summary>
    public List<string> Unresolved { get; } = [];

    private static bool HasAtomic(KernelImage image, CodeReader code, ulong from, ulong end, bool isNamed)
    {
        if (isNamed)
        {
            return true;
        }

        var to = Math.Min(end, from + 8192);
        for (var at = from; at < to;)
        {
            if (!image.Space.IsCode(at))
            {
                return false;
            }

            var insn = code.At(at);
            // The bodies of LL/SC atomics lie out of line, behind a branch.
            if (
                insn.Has(Effects.Atomic)
                || (
                    insn.Flow == FlowKind.Jump
                    && (insn.Target < from || insn.Target >= end)
                    && !image.Symbols.IsStart(insn.Target)
                )
            )
            {
                return true;
            }

            at = insn.Next;
        }

        return false;
    }
}
