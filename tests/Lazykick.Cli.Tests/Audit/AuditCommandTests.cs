using System.Text.Json;
using Lazykick.Auditing.Tests.Support;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Audit;

/// <summary><c>lazykick audit</c> on kernels of a page.</summary>
public sealed class AuditCommandTests : IDisposable
{
    private readonly KernelFiles _files = new();

    [Fact]
    public void A_key_that_changes_at_run_time_is_shown_with_updater_and_path()
    {
        var run = Audit(_files.Write("vmlinux", new TinyKernel { UpdatesAtRuntime = true }), "--window", "entry");

        Assert.Equal((1, ""), (run.Status, run.Errors));
        Assert.Contains("Linux 9.9.9-tiny, arm64 (ELF)", run.Output, StringComparison.Ordinal);
        Assert.Contains(
            "    RUNTIME    the_key, 1 site; updated by init_the_key (init), set_the_key\n"
                + "               el0t_64_sync > el0_svc  [.noinstr.text, from el0t_64_sync]\n",
            run.Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "between it and the first ordinary text: nothing, 1 ways",
            run.Output,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("idle", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_window_without_an_open_site_ends_with_0()
    {
        var run = Audit(_files.Write("vmlinux", new TinyKernel { IsSealed = true }), "--window", "entry");

        Assert.Equal((0, ""), (run.Status, run.Errors));
        Assert.Contains("    SEALED     the_key, 1 site\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("is not a proof that there is none", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_window_of_which_a_symbol_is_missing_is_refused_and_never_empty()
    {
        var image = _files.Write("vmlinux", new TinyKernel { IsSealed = true, Without = ["ct_idle_exit"] });

        var run = Audit(image, "--window", "idle");

        Assert.Equal((4, ""), (run.Status, run.Errors));
        Assert.Contains("  REFUSED ", run.Output, StringComparison.Ordinal);
        Assert.Contains("ct_idle_exit", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("static key sites", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_without_symbols_asks_for_a_System_map_and_is_audited_with_it()
    {
        var kernel = new TinyKernel { UpdatesAtRuntime = true };
        var whole = _files.Write("vmlinux", kernel);
        var bare = _files.Write("stripped", new TinyKernel { UpdatesAtRuntime = true, HasSymbols = false });
        var map = _files.Write("System.map", kernel.SystemMap());

        var alone = Audit(bare);
        var mapped = Audit(bare, "--system-map", map);

        Assert.Equal((2, ""), (alone.Status, alone.Output));
        Assert.Contains("give --system-map FILE", alone.Errors, StringComparison.Ordinal);
        Assert.Equal((1, ""), (mapped.Status, mapped.Errors));
        Assert.Equal(Windows(Audit(whole).Output), Windows(mapped.Output));
    }

    [Theory]
    [InlineData("", "0 bytes are no kernel image")]
    [InlineData("not a kernel, and long enough for the places of all magic numbers", "no kernel image")]
    public void A_file_that_is_no_image_is_refused_in_words(string text, string message)
    {
        var run = Audit(_files.Write("file", System.Text.Encoding.ASCII.GetBytes(text)));

        Assert.Equal((2, ""), (run.Status, run.Output));
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
        Assert.Single(run.Errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public void An_image_that_was_cut_is_refused_in_words()
    {
        var run = Audit(_files.Write("vmlinux", new TinyKernel().Build()[..3000]));

        Assert.Equal((2, ""), (run.Status, run.Output));
        Assert.StartsWith("lazykick audit: ", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-file", "there is no such file")]
    [InlineData(".", "a directory, and no image")]
    public void A_file_that_cannot_be_opened_is_named_and_the_other_images_are_audited(string name, string why)
    {
        var path = Path.Combine(_files.Path, name);
        var image = _files.Write("vmlinux", new TinyKernel { IsSealed = true });

        var alone = Audit(path);
        var among = Audit(path, image);

        Assert.Equal((2, "", $"lazykick audit: {path}: {why}\n"), (alone.Status, alone.Output, alone.Errors));
        Assert.Equal((2, alone.Errors), (among.Status, among.Errors));
        Assert.Equal(Audit(image).Output, among.Output);
        Assert.Equal((2, ""), (Audit("--diff", path, image).Status, Audit("--diff", path, image).Output));
    }

    [Theory]
    [InlineData("which image?")]
    [InlineData("'kernel'", "IMAGE", "--window", "kernel")]
    [InlineData("for arm64, not x86", "IMAGE", "--arch", "x86")]
    [InlineData("two images", "IMAGE", "--diff")]
    [InlineData("needs all windows", "IMAGE", "--emit-scheme", "--window", "idle")]
    [InlineData("no-such-model: there is no such file", "IMAGE", "--model", "no-such-model")]
    [InlineData("no-such-map: there is no such file", "IMAGE", "--system-map", "no-such-map")]
    [InlineData("no-such-scheme", "IMAGE", "--scheme", "no-such-scheme")]
    public void A_wrong_call_says_what_is_wrong(string message, params string[] call)
    {
        var image = _files.Write("vmlinux", new TinyKernel());

        var run = Audit([.. call.Select(a => a == "IMAGE" ? image : a)]);

        Assert.Equal((2, ""), (run.Status, run.Output));
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_document_is_described_field_by_field()
    {
        var image = _files.Write("vmlinux", new TinyKernel { UpdatesAtRuntime = true });
        var refused = _files.Write("refused", new TinyKernel { Without = ["ct_idle_exit"] });

        var run = Audit(image, refused, "--json", "--masked", "--scheme", "v2");

        Assert.Equal(1, run.Status);
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal("lazykick.audit/1", json.RootElement.GetProperty("schema").GetString());
        Assert.Empty(JsonPage.Undescribed(json.RootElement, "lazykick.audit/1"));
        var images = json.RootElement.GetProperty("images");
        var site = Window(images[0], "entry").GetProperty("sites")[0];
        Assert.Equal("runtime", site.GetProperty("sealing").GetString());
        Assert.Equal("the_key", site.GetProperty("key").GetProperty("name").GetString());
        Assert.Equal(4, images[0].GetProperty("masked").GetArrayLength());
        Assert.True(images[0].GetProperty("scheme").GetProperty("exhaustive").GetBoolean());
        Assert.Equal(["name", "refused"], Window(images[1], "idle").EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public void Sealing_that_was_lost_is_told_and_the_document_of_it_is_described()
    {
        var before = _files.Write("before", new TinyKernel { IsSealed = true, HasIsb = true });
        var after = _files.Write("after", new TinyKernel { UpdatesAtRuntime = true, Without = ["ct_idle_exit"] });

        var text = Audit("--diff", before, after);
        var same = Audit("--diff", before, before);
        using var json = JsonDocument.Parse(Audit("--diff", before, after, "--json").Output);

        Assert.Equal((1, 0), (text.Status, same.Status));
        Assert.Contains(
            "the_key: SEALED before, RUNTIME now (sealing was lost)",
            text.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("entry: no difference", same.Output, StringComparison.Ordinal);
        Assert.Equal("lazykick.audit-diff/1", json.RootElement.GetProperty("schema").GetString());
        Assert.Empty(JsonPage.Undescribed(json.RootElement, "lazykick.audit-diff/1"));
        Assert.True(json.RootElement.GetProperty("after").GetProperty("refused").TryGetProperty("idle", out _));
    }

    [Fact]
    public void What_an_image_does_is_a_scheme_that_check_answers_for()
    {
        var image = _files.Write("vmlinux", new TinyKernel { HasIsb = true });
        var emitted = Audit(image, "--emit-scheme");
        var scheme = _files.Write("image.kick", System.Text.Encoding.UTF8.GetBytes(emitted.Output));

        var check = LazykickProcess.Run("check", scheme, "--memory", "sc");

        Assert.Equal((0, ""), (emitted.Status, emitted.Errors));
        Assert.InRange(check.Status, 0, 1);
        Assert.Contains("S1 ", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Places_with_interrupts_masked_are_listed_where_asked_for()
    {
        var image = _files.Write("vmlinux", new TinyKernel());

        Assert.DoesNotContain("sends_masked", Audit(image).Output, StringComparison.Ordinal);
        var run = Audit(image, "--masked");
        Assert.Contains("  3 calls that send IPIs, 1 loops that wait", run.Output, StringComparison.Ordinal);
        Assert.Contains(
            "    sends  sends_masked+0x4: smp_call_function_single\n",
            run.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("    waits  waits_masked+0x4\n", run.Output, StringComparison.Ordinal);
        Assert.Contains(
            "    and 1 that send, 0 that wait, masked on some path through the function at most (--json lists them)",
            run.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_pipe_gets_plain_text_and_may_close_early()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        var image = _files.Write("vmlinux", new TinyKernel { IsSealed = true });

        var closed = LazykickProcess.Shell($"lazykick audit '{image}' | head -n 1; echo status ${{PIPESTATUS[0]}}");
        var plain = LazykickProcess.Shell(
            $"lazykick audit '{image}' | cat",
            ("TERM", "xterm-256color"),
            ("NO_COLOR", "")
        );

        Assert.Equal("", closed.Errors);
        Assert.Equal(3, closed.Output.Split('\n').Length);
        Assert.Matches("status [01]\n$", closed.Output);
        Assert.Contains("SEALED", plain.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\x1b', plain.Output);
    }

    [Fact]
    public void A_terminal_gets_colour_unless_NO_COLOR_is_set()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "needs script of util-linux for a terminal");
        var image = _files.Write("vmlinux", new TinyKernel { UpdatesAtRuntime = true });

        var coloured = LazykickProcess.Terminal($"audit '{image}'", ("NO_COLOR", ""));
        var plain = LazykickProcess.Terminal($"audit '{image}'", ("NO_COLOR", "1"));

        Assert.Contains("\x1b[1;", coloured.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\x1b[1;", plain.Output, StringComparison.Ordinal);
        Assert.Contains("RUNTIME", plain.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _files.Dispose();

    private static LazykickRun Audit(params string[] arguments) => LazykickProcess.Run(["audit", .. arguments]);

    private static string Windows(string report)
    {
        var begin = report.IndexOf("\n\nentry", StringComparison.Ordinal);
        Assert.True(begin > 0, report);
        return report[begin..];
    }

    private static JsonElement Window(JsonElement image, string name) =>
        image.GetProperty("windows").EnumerateArray().Single(w => w.GetProperty("name").GetString() == name);
}
