using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Keys;
using Lazykick.Auditing.Reports;
using Lazykick.Auditing.Walking;
using Lazykick.Cli.AuditResults;

namespace Lazykick.Cli.Json;

/// <summary>Audits, for programs: docs/reference/json.md.</summary>
internal sealed record AuditDocument(string Schema, IReadOnlyList<AuditDocument.AuditedImage> Images)
{
    public const string SchemaName = "lazykick.audit/1";

    public static AuditDocument Of(IEnumerable<ImageAudit> audits, string[] asked) =>
        new(SchemaName, [.. audits.Select(a => Image(a, asked))]);

    internal static AuditedImage Image(ImageAudit audit, string[] asked)
    {
        var image = audit.Report.Image;
        return new AuditedImage(
            audit.Path,
            image.Banner,
            image.Machine == MachineKind.Arm64 ? "arm64" : "x86_64",
            image.Container,
            image.Symbols.Source,
            [.. image.Tables.Found.Select(t => new Table(t.Name, t.Entries, t.How))],
            image.Notes,
            new Known(
                audit.Report.IsStateKnown,
                !audit.Report.IsKeyGuessed,
                !image.Tables.ReadOnlyAfterInit.IsEmpty,
                image.Tables.Blacklist is not null,
                image.Tables.Traceable is not null,
                image.Tables.Layouts.How
            ),
            audit.Report.Model.Name,
            audit.Report.UnknownNames,
            audit.Report.Instructions,
            [.. audit.Report.Windows.Select(w => OfWindow(w, asked))],
            audit.Masked is null
                ? null
                : [.. audit.Masked.Select(m => new Masked(m.IsWait, m.Place, m.Sender, m.IsCertain))],
            audit.Joins is null
                ? null
                : new Join(
                    audit.Check!.Scheme.Name,
                    audit.Check.States,
                    audit.Joins[0].IsExhaustive,
                    [.. audit.Joins.Select(OfJoin)]
                )
        );
    }

    private static Window OfWindow(WindowReport w, string[] asked)
    {
        if (w.Refused is not null)
        {
            return new Window(w.Name, w.Refused, null, null, null, null, null, null, null, null, null);
        }

        return new Window(
            w.Name,
            null,
            w.Roots,
            w.Functions,
            [.. w.Sites.Where(s => ImageAudit.IsAsked(s, asked)).Select(OfSite)],
            w.Atomics,
            w.Barriers,
            [.. w.FirstTexts.Select(OfText)],
            w.Unmasks,
            w.Ends,
            w.Limits.All.ToDictionary(l => l.Kind, l => (IReadOnlyList<string>)[.. l.Places])
        );
    }

    private static Site OfSite(AuditSite s) =>
        new(
            s.Kind,
            $"0x{s.Address:x}",
            s.Place,
            s.Sealing,
            s.Section,
            s.Path,
            s.Roots,
            s.Key is not { } k
                ? null
                : new Key(
                    k.Name,
                    $"0x{k.Address:x}",
                    [.. k.Updaters.Select(u => new User(u.Name, u.IsInit))],
                    [.. k.Others.Select(u => new User(u.Name, u.IsInit))],
                    k.Pointers,
                    k.IsExported,
                    k.Allowed
                )
        );

    private static Text OfText(FirstText f) => new(f.Place, f.Target, f.Synchronised, f.Path, f.Roots);

    private static JoinedWindow OfJoin(Auditing.Joining.WindowJoin j) =>
        new(
            j.Window.Name,
            j.StaleInEqs,
            j.StaleAfter,
            [.. j.Sites.Select(s => s.Place)],
            [.. j.FirstTexts.Select(OfText)]
        );

    /// <summary>An image.</summary>
    internal sealed record AuditedImage(
        string File,
        string? Kernel,
        string Arch,
        string Container,
        string Symbols,
        IReadOnlyList<Table> Tables,
        IReadOnlyList<string> Notes,
        Known Known,
        string Model,
        IReadOnlyList<string> UnknownNames,
        int Instructions,
        IReadOnlyList<Window> Windows,
        IReadOnlyList<Masked>? Masked,
        Join? Scheme
    );

    /// <summary>A table of the image; no entries: it was not found.</summary>
    internal sealed record Table(string Name, int? Entries, string How);

    /// <summary>What the image tells.</summary>
    internal sealed record Known(
        bool State,
        bool KeyNames,
        bool Sealing,
        bool KprobeBlacklist,
        bool Ftrace,
        string Layouts
    );

    /// <summary>A window; with a refusal and nothing else, or without.</summary>
    internal sealed record Window(
        string Name,
        string? Refused,
        IReadOnlyList<string>? Roots,
        int? Functions,
        IReadOnlyList<Site>? Sites,
        IReadOnlyList<string>? Atomics,
        IReadOnlyList<string>? Barriers,
        IReadOnlyList<Text>? FirstTexts,
        IReadOnlyList<string>? Unmasks,
        IReadOnlyDictionary<string, int>? Ends,
        IReadOnlyDictionary<string, IReadOnlyList<string>>? Assumptions
    );

    /// <summary>A site.</summary>
    internal sealed record Site(
        SiteKind Kind,
        string Address,
        string Place,
        Sealing Sealing,
        string Section,
        IReadOnlyList<string> Path,
        IReadOnlyList<string> Roots,
        Key? Key
    );

    /// <summary>A key.</summary>
    internal sealed record Key(
        string Name,
        string Address,
        IReadOnlyList<User> Updaters,
        IReadOnlyList<User> Others,
        IReadOnlyList<string> Pointers,
        bool? Exported,
        string? Allowed
    );

    /// <summary>A function that refers to a key.</summary>
    internal sealed record User(string Function, bool Init);

    /// <summary>The first ordinary text after the atomic.</summary>
    internal sealed record Text(
        string Place,
        string? Target,
        string Synchronised,
        IReadOnlyList<string> Path,
        IReadOnlyList<string> Roots
    );

    /// <summary>
    /// A place at which interrupts are masked: it waits in a loop, or calls a function that sends IPIs.
    /// </summary>
    internal sealed record Masked(bool Waits, string Place, string? Sender, bool EveryPath);

    /// <summary>What a scheme's check says of the windows.</summary>
    internal sealed record Join(string Name, long States, bool Exhaustive, IReadOnlyList<JoinedWindow> Windows);

    /// <summary>A window under the scheme.</summary>
    internal sealed record JoinedWindow(
        string Name,
        IReadOnlyList<string> StaleInEqs,
        IReadOnlyList<string> StaleAfter,
        IReadOnlyList<string> Sites,
        IReadOnlyList<Text> FirstTexts
    );
}
