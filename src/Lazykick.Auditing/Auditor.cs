using Lazykick.Auditing.Images;
using Lazykick.Auditing.Keys;
using Lazykick.Auditing.Models;
using Lazykick.Auditing.Reports;
using Lazykick.Auditing.Walking;

namespace Lazykick.Auditing;

/// <summary>Audits an image: which text that can be patched runs in the windows of the EQS.</summary>
public static class Auditor
{
    /// <summary>The windows, in the order of reports: entry to EQS exit, EQS enter to return, idle, guest.</summary>
    public static IReadOnlyList<string> Windows { get; } = ["entry", "exit", "idle", "guest"];

    /// <summary>Audits windows of an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="model">What is taken for granted.</param>
    /// <param name="windows">Which windows; all without a choice.</param>
    /// <param name="cancellation">Ends the audit.</param>
    public static AuditReport Run(
        KernelImage image,
        AuditModel? model = null,
        IReadOnlyCollection<string>? windows = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(image);
        model ??= AuditModel.Default;
        var context = new WalkContext(image, model);
        var builders = new List<WindowBuilder>();
        foreach (
            var (kind, names) in new[]
            {
                ("entry", new[] { "entry", "exit" }),
                ("idle", ["idle"]),
                ("guest", ["guest"]),
            }
        )
        {
            var asked = names.Where(n => windows is null || windows.Count == 0 || windows.Contains(n)).ToList();
            var allowed = asked.Where(n => Refusals.Why(context, n) is null).ToList();
            var outcome = allowed.Count > 0 ? WalkOutcome.Of(context, kind, cancellation) : null;
            builders.AddRange(asked.Select(n => new WindowBuilder(context, n, outcome)));
        }

        var keys = new KeyTable(context, builders.SelectMany(b => b.Keys));
        return new AuditReport(image, model, [.. builders.Select(b => b.Build(keys))])
        {
            UnknownNames = Unknown(image, model),
            IsStateKnown = context.Transitions.ByAddress,
            IsKeyGuessed = context.IsKeyGuessed,
            Instructions = context.Code.Count,
        };
    }

    private static List<string> Unknown(KernelImage image, AuditModel model)
    {
        var external = image.External.Values.ToHashSet(StringComparer.Ordinal);
        var all = model
            .Sets.SelectMany(s => s.Names.Written.Select(n => (s.Kind, Name: n)))
            .Concat(Windows.SelectMany(w => model.Roots(w, image.Machine).Select(n => (Kind: "root " + w, Name: n))));
        return
        [
            .. all.Where(n =>
                    n.Name.Contains('*', StringComparison.Ordinal)
                        ? !Any(n.Name)
                        : image.Symbols[n.Name] is null && !external.Contains(n.Name)
                )
                .Select(n => $"{n.Kind} {n.Name}"),
        ];

        bool Any(string pattern)
        {
            var set = new NameSet();
            set.Add(pattern);
            return image.Symbols.Code.Any(s => set.Contains(s.Name)) || external.Any(set.Contains);
        }
    }
}
