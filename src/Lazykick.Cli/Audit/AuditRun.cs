using Lazykick.Auditing;
using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Images;
using Lazykick.Auditing.Joining;
using Lazykick.Auditing.Models;
using Lazykick.Auditing.Reports;
using Lazykick.Auditing.Walking;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.AuditResults;
using Lazykick.Cli.Checking;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Audit;

/// <summary>A call of <c>lazykick audit</c>: the images one by one, then what is asked of them.</summary>
internal static class AuditRun
{
    public static int Execute(AuditSettings settings, CancellationToken cancellation)
    {
        if (settings.ShowModel)
        {
            Console.Out.Write(AuditModel.DefaultText);
            return ExitStatus.Done;
        }

        if (Wrong(settings) is { } wrong)
        {
            Console.Error.WriteLine($"lazykick audit: {wrong}");
            return ExitStatus.WrongInput;
        }

        try
        {
            return Audit(settings, cancellation);
        }
        catch (ModelException e)
        {
            Console.Error.WriteLine(e.Message);
            return ExitStatus.WrongInput;
        }
        catch (ImageException e)
        {
            Console.Error.WriteLine($"lazykick audit: {e.Message}");
            return ExitStatus.WrongInput;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            Console.Error.WriteLine($"lazykick audit: {settings.Model}: there is no such file");
            return ExitStatus.WrongInput;
        }
        catch (Exception e) when (e is UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"lazykick audit: {e.Message}");
            return ExitStatus.WrongInput;
        }
    }

    private static int Audit(AuditSettings settings, CancellationToken cancellation)
    {
        AuditModel? model = null;
        if (settings.Model is { } file)
        {
            using var reader = new StreamReader(file);
            model = ModelReader.Read(reader, file);
        }

        var audits = new List<ImageAudit>();
        foreach (var path in settings.Images)
        {
            // What cannot be read is said, and the others are audited.
            if (Open(path, settings) is not { } image)
            {
                continue;
            }

            var masked = settings.Masked ? MaskedFinder.Find(image, model, cancellation) : null;
            audits.Add(
                new ImageAudit(path, Auditor.Run(image, model, settings.Windows, cancellation)) { Masked = masked }
            );
        }

        var isRefused = audits.Count < settings.Images.Length;
        if (audits.Count == 0 || (isRefused && settings.Diff))
        {
            return ExitStatus.WrongInput;
        }

        if (settings.Diff)
        {
            return Diff(settings, audits);
        }

        if (settings.Emit)
        {
            return Emit(audits);
        }

        if (settings.Scheme is { } scheme && !Join(scheme, audits, cancellation))
        {
            return ExitStatus.WrongInput;
        }

        if (settings.Json)
        {
            JsonOutput.Print(AuditDocument.Of(audits, settings.Sites), JsonOutput.Documents.AuditDocument);
        }
        else
        {
            foreach (var audit in audits)
            {
                new AuditText(Terminal.Standard, settings.Sites).Write(audit);
            }
        }

        return isRefused ? ExitStatus.WrongInput : Status(settings, audits);
    }

    private static string? Wrong(AuditSettings settings) =>
        settings.Images.Length == 0 ? "which image? 'lazykick audit /boot/vmlinuz-...' audits one"
        : settings.Diff && settings.Images.Length != 2 ? "--diff compares two images, the older first"
        : settings.Emit && settings.Images.Length != 1 ? "--emit-scheme takes one image"
        : settings.Emit && settings.Windows.Length > 0 ? "--emit-scheme needs all windows: leave --window out"
        : settings.Emit && settings.Json ? "--emit-scheme writes a scheme, not JSON"
        : settings.SystemMap is not null && settings.Images.Length > 1 ? "--system-map is for one image"
        : null;

    /// <summary>The image, or null: standard error says why not.</summary>
    private static KernelImage? Open(string path, AuditSettings settings)
    {
        string why;
        try
        {
            if (Directory.Exists(path))
            {
                why = $"{path}: a directory, and no image";
            }
            else
            {
                var image = KernelImage.Open(path, settings.SystemMap);
                var arch = image.Machine == MachineKind.Arm64 ? "arm64" : "x86";
                if (settings.Arch is null || settings.Arch == arch)
                {
                    return image;
                }

                why = $"{path}: an image for {arch}, not {settings.Arch}";
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            var map = settings.SystemMap is { } symbols && !File.Exists(symbols) ? symbols : null;
            why = $"{map ?? path}: there is no such file";
        }
        catch (Exception e) when (e is ImageException or IOException or UnauthorizedAccessException)
        {
            why = $"{path}: {e.Message}";
        }

        Console.Error.WriteLine($"lazykick audit: {why}");
        return null;
    }

    private static bool Join(string name, List<ImageAudit> audits, CancellationToken cancellation)
    {
        if (SchemeArgument.Load(name, Console.Error) is not { } scheme)
        {
            return false;
        }

        if (scheme.IsBase)
        {
            Console.Error.WriteLine(
                $"lazykick audit: '{scheme.Name}' is a base that schemes include; it has no windows"
            );
            return false;
        }

        var diagnostics = new DiagnosticCollection();
        var options = new CheckOptions
        {
            Memory = SchemeCheck.DefaultMemory(scheme),
            Progress = SearchProgressLine.Write,
        };
        var check = SchemeCheck.Run(scheme, options, diagnostics, cancellation);
        SearchProgressLine.Clear();
        if (check is null)
        {
            SchemeArgument.Report(diagnostics, Console.Error);
            return false;
        }

        for (var i = 0; i < audits.Count; i++)
        {
            if (SchemeJoin.Refusal(check, audits[i].Report) is { } why)
            {
                Console.Error.WriteLine($"lazykick audit: {audits[i].Path}: {why}");
                return false;
            }

            audits[i] = audits[i] with { Check = check, Joins = SchemeJoin.Join(check, audits[i].Report) };
        }

        return true;
    }

    private static int Emit(List<ImageAudit> audits)
    {
        try
        {
            Console.Out.Write(SchemeEmitter.Write(audits[0].Report));
            return ExitStatus.Done;
        }
        catch (InvalidOperationException e)
        {
            Console.Error.WriteLine($"lazykick audit: {audits[0].Path}: {e.Message}");
            return ExitStatus.WrongInput;
        }
    }

    private static int Diff(AuditSettings settings, List<ImageAudit> audits)
    {
        var differences = AuditComparison.Compare(audits[0].Report, audits[1].Report);
        if (settings.Json)
        {
            JsonOutput.Print(AuditDiffDocument.Of(audits, differences), JsonOutput.Documents.AuditDiffDocument);
        }
        else
        {
            new AuditDiffText(Terminal.Standard).Write(audits, differences);
        }

        return differences.Count == 0 ? ExitStatus.Done : ExitStatus.Violated;
    }

    private static int Status(AuditSettings settings, List<ImageAudit> audits)
    {
        var open = audits.Exists(a =>
            a.Joins is { } joins
                ? joins.Any(j => j.Sites.Count > 0 || j.FirstTexts.Count > 0)
                : a.Report.Windows.Any(w =>
                    w.Sites.Any(s => s.IsOpen && s.Key?.Allowed is null && ImageAudit.IsAsked(s, settings.Sites))
                )
        );
        if (open)
        {
            return ExitStatus.Violated;
        }

        // A window that was asked for and could not be looked at: nothing was found, and that is no answer.
        return audits.Exists(a =>
            a.Report.Windows.Any(w =>
                w.Refused is not null
                && (settings.Windows.Length > 0 || w.Name is "entry" or "exit" or "idle")
                && !a.Report.Image.IsModule
            )
        )
            ? ExitStatus.CannotTell
            : ExitStatus.Done;
    }
}
