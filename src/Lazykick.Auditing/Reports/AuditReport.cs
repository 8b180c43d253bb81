using Lazykick.Auditing.Images;
using Lazykick.Auditing.Models;

namespace Lazykick.Auditing.Reports;

/// <summary>The audit of an image.</summary>
/// <param name="Image">The image.</param>
/// <param name="Model">What was taken for granted about kernels.</param>
/// <param name="Windows">The windows that were asked for.</param>
public sealed record AuditReport(KernelImage Image, AuditModel Model, IReadOnlyList<WindowReport> Windows)
{
    /// <summary>Names of the model that the image does not have, with their kind.</summary>
    public IReadOnlyList<string> UnknownNames { get; init; } = [];

    /// <summary>The atomics were found by the address of the state, not by the names of functions.</summary>
    public bool IsStateKnown { get; init; }

    /// <summary>The key of context tracking was guessed, since the image has no names of data.</summary>
    public bool IsKeyGuessed { get; init; }

    /// <summary>Instructions that were decoded.</summary>
    public int Instructions { get; init; }

    /// <summary>Some site in a window can change while the kernel runs.</summary>
    public bool HasOpenSites => Windows.Any(w => w.Sites.Any(s => s.IsOpen && s.Key?.Allowed is null));

    /// <summary>Some window was refused.</summary>
    public bool IsIncomplete => Windows.Any(w => w.Refused is not null);
}
