using System.CommandLine;
using Lazykick.Auditing;
using Lazykick.Cli.Audit;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Commands;

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
                        AuditRun.Execute(
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
}
