using Lazykick.Auditing.Images;
using Lazykick.Auditing.Joining;
using Lazykick.Auditing.Tests.Support;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Auditing.Tests.Walking;

public class SchemeEmitterTests
{
    [Theory]
    [InlineData(false, "off")]
    [InlineData(true, "on")]
    public void Facts_of_an_image_become_a_scheme_that_loads(bool hasIsb, string patch4)
    {
        var (text, scheme) = Emit(new TinyKernel { HasIsb = hasIsb });

        Assert.Contains($"set patch4 = {patch4} ", text, StringComparison.Ordinal);
        Assert.Contains("set atomics = lse ", text, StringComparison.Ordinal);
        Assert.Equal("image-9-9-9-tiny", scheme.Name);
    }

    [Fact]
    public void Check_answers_for_this_image_and_the_join_names_its_sites()
    {
        var kernel = new TinyKernel { UpdatesAtRuntime = true };
        var (_, scheme) = Emit(kernel);
        var diagnostics = new DiagnosticCollection();
        var check = SchemeCheck.Run(
            scheme,
            new CheckOptions { Memory = MemoryModel.Sc },
            diagnostics,
            cancellation: TestContext.Current.CancellationToken
        );

        Assert.NotNull(check);
        Assert.Equal(Verdict.Violated, check["S1"].Verdict);
        var audit = Auditor.Run(kernel.Load(), cancellation: TestContext.Current.CancellationToken);
        Assert.Null(SchemeJoin.Refusal(check, audit));
        var entry = SchemeJoin.Join(check, audit).Single(j => j.Window.Name == "entry");
        Assert.NotEmpty(entry.StaleInEqs);
        Assert.Equal("the_key", Assert.Single(entry.Sites).Key!.Name);
        Assert.Equal("do_el0_svc", Assert.Single(entry.FirstTexts).Target);
    }

    [Theory]
    [InlineData(false, Verdict.Violated)]
    [InlineData(true, Verdict.Holds)]
    public void Check_answers_for_an_x86_image_by_what_serialises_in_it(bool serialises, Verdict expected)
    {
        var kernel = new TinyX86Kernel { Serialises = serialises };
        var (text, scheme) = Emit(kernel.Load());
        var check = SchemeCheck.Run(
            scheme,
            new CheckOptions { Memory = MemoryModel.Sc },
            new DiagnosticCollection(),
            cancellation: TestContext.Current.CancellationToken
        );

        Assert.Equal("x86_64", scheme.Arch);
        Assert.Contains("entry: 1 sites of the_key can change", text, StringComparison.Ordinal);
        Assert.Equal(expected, check!["S1"].Verdict);
        var audit = Auditor.Run(kernel.Load(), cancellation: TestContext.Current.CancellationToken);
        Assert.Null(SchemeJoin.Refusal(check, audit));
        var entry = SchemeJoin.Join(check, audit).Single(j => j.Window.Name == "entry");
        Assert.Equal(!serialises, entry.StaleAfter.Count > 0);
    }

    private static (string Text, Scheme Scheme) Emit(TinyKernel kernel) => Emit(kernel.Load());

    private static (string Text, Scheme Scheme) Emit(KernelImage image)
    {
        var text = SchemeEmitter.Write(Auditor.Run(image, cancellation: TestContext.Current.CancellationToken));
        var diagnostics = new DiagnosticCollection();
        var scheme = SchemeLoader.Load(new SourceText("emitted.kick", text), Catalogue.Instance, diagnostics);
        Assert.Equal("", string.Concat(diagnostics.Select(d => d.Render())));
        Assert.NotNull(scheme);
        return (text, scheme);
    }
}
