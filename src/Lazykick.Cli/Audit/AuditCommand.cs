using System.CommandLine;
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

/// <summary><c>lazykick audit</c>: which text that can be patched runs in the windows of a kernel image.</summary>
internal static class AuditCommand
{
    public static Command Create()
    {
        var images = new Argument<string[]>("IMAGE")
        {
            Description = "vmlinuz, vmlinux, an arm64 Image, or a module (.ko).",
            Arity = ArgumentArity.OneOrMore,
        };
        WrongOption.RefusedBy(images);
        var map = new Option<string?>("--system-map") { Description = "Symbols to use instead of the image's own." };
        var model = new Option<string?>("--model")
        {
            Description = "A model file instead of the built-in one (docs/guide/audit.md).",
        };
        var showModel = new Option<bool>("--show-model") { Description = "Print the built-in model, to edit it." };
        var arch = new Option<string?>("--arch") { Description = "Refuse images that are not for arm64 or x86." };
        arch.AcceptOnlyFromAmong("arm64", "x86");
        var window = new Option<string[]>("--window")
        {
            Description = "Only this window: entry, exit, idle or guest; may be repeated.",
            DefaultValueFactory = _ => [],
        };
        window.AcceptOnlyFromAmong([.. Auditor.Windows]);
        var site = new Option<string[]>("--site")
        {
            Description = "Only sites of this key, or on a path through this function; may be repeated.",
            DefaultValueFactory = _ => [],
        };
        var scheme = new Option<string?>("--scheme")
        {
            Description = "Join with the windows that check derives for this scheme.",
        };
        var emit = new Option<bool>("--emit-scheme") { Description = "Write the facts of the image as a scheme." };
        var diff = new Option<bool>("--diff")
        {
            Description = "Two images: say what changed from the first to the second.",
        };
        var masked = new Option<bool>("--masked")
        {
            Description = "Also list IPIs that are sent, and loops that wait, with interrupts masked.",
        };
        var json = new Option<bool>("--json")
        {
            Description = "One JSON document instead of text (docs/reference/json.md).",
        };
        images.Arity = ArgumentArity.ZeroOrMore;
        var command = new Command("audit", "Finds text that can be patched and runs in the windows of a kernel image.")
        {
            images,
            map,
            model,
            showModel,
            arch,
            window,
            site,
            scheme,
            emit,
            diff,
            masked,
            json,
        };
        command.SetAction(
            (parsed, cancellation) =>
                Task.Run(
                    () =>
                        Run(
                            new AuditSettings(
                                parsed.GetValue(images)!,
                                parsed.GetValue(map),
                                parsed.GetValue(model),
                                parsed.GetValue(showModel),
                                parsed.GetValue(arch),
                                parsed.GetValue(window)!,
                                parsed.GetValue(site)!,
                                parsed.GetValue(scheme),
                                parsed.GetValue(emit),
                                parsed.GetValue(diff),
                                parsed.GetValue(masked),
                                parsed.GetValue(json)
                            ),
                            cancellation
                        ),
                    CancellationToken.None
                )
        );
        return command;
    }

    private static int Run(AuditSettings settings, CancellationToken cancellation)
    {
        if (settings.ShowModel)
        {
            Console.Out.Write(AuditModel.DefaultText);
            return ExitStatus.Done;
        }

        var wrong =
            Wrong(settings)
            ?? settings.Images.Where(Directory.Exists).Select(d => $"{d}: a directory, and no image").FirstOrDefault();
        if (wrong is not null)
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
        catch (Exception e) when (e is FileNotFoundException { FileName: not null } or DirectoryNotFoundException)
        {
            var file = (e as FileNotFoundException)?.FileName ?? string.Join(", ", settings.Images);
            Console.Error.WriteLine($"lazykick audit: {file}: there is no such file");
            return ExitStatus.WrongInput;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or FileNotFoundException)
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
            if (Open(path, settings) is not { } image)
            {
                return ExitStatus.WrongInput;
            }

            var masked = settings.Masked ? MaskedFinder.Find(image, model, cancellation) : null;
            audits.Add(
                new ImageAudit(path, Auditor.Run(image, model, settings.Windows, cancellation)) { Masked = masked }
            );
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

        return Status(settings, audits);
    }

    private static string? Wrong(AuditSettings settings) =>
        settings.Images.Length == 0 ? "which image? 'lazykick audit /boot/vmlinuz-...' audits one"
        : settings.Diff && settings.Images.Length != 2 ? "--diff compares two images, the older first"
        : settings.Emit && settings.Images.Length != 1 ? "--emit-scheme takes one image"
        : settings.Emit && settings.Windows.Length > 0 ? "--emit-scheme needs all windows: leave --window out"
        : settings.Emit && settings.Json ? "--emit-scheme writes a scheme, not JSON"
        : settings.SystemMap is not null && settings.Images.Length > 1 ? "--system-map is for one image"
        : null;

    private static KernelImage? Open(string path, AuditSettings settings)
    {
        try
        {
            var image = KernelImage.Open(path, settings.SystemMap);
            var arch = image.Machine == MachineKind.Arm64 ? "arm64" : "x86";
            if (settings.Arch is null || settings.Arch == arch)
            {
                return image;
            }

            Console.Error.WriteLine($"lazykick audit: {path}: an image for {arch}, not {settings.Arch}");
            return null;
        }
        catch (ImageException e)
        {
            Console.Error.WriteLine($"lazykick audit: {path}: {e.Message}");
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"lazykick audit: {path}: {e.Message}");
            return null;
        }
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
