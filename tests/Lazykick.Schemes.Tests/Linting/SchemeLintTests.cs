using Lazykick.Schemes.Linting;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Tests.Linting;

/// <summary>Mistakes that are planted in a base are found, and nothing in what the catalogue has.</summary>
public sealed class SchemeLintTests
{
    private const string Clean = """
        base doors "a base for tests"
        arch x86_64
        knob late = off
        message call
        percpu watching : bit
        pairwise csd : bit
        private m : irq
        text site
        state eqs = watching = 0
        place task
        role kicker
            starts task
            takes poke
        role target
            starts user
            takes svc, irq_user, irq_kernel
        routine enter
            rmw watching := 1 full
            serialize
        path svc from user
            x86_exception
            call enter
            unmask I
            body
            mask I
            rmw watching := 0 full
            sysret
        path irq_user on irq from user
            x86_exception
            call enter
            call handle
            rmw watching := 0 full
            iret
        path irq_kernel on irq from kernel
            x86_exception
            call handle
            iret
        routine handle
            discover m
            serialize when m = call
            for k in others: csd[k, self] := 0 release
        path poke from task
            write site; dc site; ic site; serialize
            kick sync returns site
        kick sync
            for t in others:
                csd[self, t] := 1 when late
                send call to t
                wait csd[self, t] = 0 acquire
        policy asleep serves sync
            skip t when watching[t] = 0
            trace skip when user_eqs

        """;

    public static TheoryData<string> Catalogued { get; } =
    [
        .. Catalogue.Instance.Names.Concat(Catalogue.Instance.Field).Distinct(),
    ];

    [Fact]
    public void A_base_without_a_mistake_is_clean() => Assert.Empty(Lint(Clean));

    [Theory]
    [InlineData("knob late = off", "knob late = off\nknob early = off", "LK0800", "nothing reads the knob 'early'")]
    [InlineData("csd[self, t] := 1 when late", "csd[self, t] := 1", "LK0800", "nothing reads the knob 'late'")]
    [InlineData("pairwise csd : bit", "pairwise csd : bit\nshared old : bit", "LK0801", "no step uses 'old'")]
    [InlineData("wait csd[self, t] = 0 acquire", "step a", "LK0801", "'csd' is written, and nothing reads it")]
    [InlineData("send call to t", "step a", "LK0802", "no step sends 'call'")]
    [InlineData("message call", "message call on nmi", "LK0802", "'call' is sent, and no path is 'on nmi'")]
    [InlineData("    discover m\n", "    step a\n", "LK0802", "messages are sent, and no step takes one by 'discover'")]
    [InlineData("takes svc, irq_user", "takes irq_user", "LK0803", "no role takes the path 'svc'")]
    [InlineData("irq_user, irq_kernel", "irq_kernel", "LK0804", "role 'target' takes irq from kernel and not from u")]
    [InlineData("irq_user, irq_kernel", "irq_user", "LK0804", "role 'target' takes irq from user and not from k")]
    [InlineData("place task", "place task\nplace idle", "LK0805", "no role starts at 'idle'")]
    [InlineData("text site", "text site\ntext other", "LK0806", "no step writes the text 'other'")]
    [InlineData("text site", "text site\nmapping page", "LK0806", "no step changes the mapping 'page'")]
    [InlineData("sync returns site", "sync", "LK0806", "'site' changes, and no kick returns for it")]
    [InlineData("    sysret", "    eret", "LK0808", "'eret' is not of x86_64")]
    [InlineData("from user\n    x86_exception", "from user\n    exception", "LK0808", "'exception' is not of x86_64")]
    [InlineData("rmw watching := 1 full\n    serialize", "rmw watching := 1 full", "LK0809", "'svc' comes here")]
    public void A_mistake_that_is_planted_in_a_base_is_found(string what, string with, string code, string said)
    {
        Assert.Contains(what, Clean, StringComparison.Ordinal);
        var at = Clean.IndexOf(what, StringComparison.Ordinal);
        var found = Lint(Clean[..at] + with + Clean[(at + what.Length)..]);
        Assert.Contains(
            found,
            d => d.Code == code && d.Message.StartsWith(said, StringComparison.Ordinal) && d.Hint is not null
        );
    }

    [Theory]
    [InlineData("routine spare\n    step a\n", "LK0807", "nothing calls the routine 'spare'")]
    [InlineData("kick spare\n    step a\n", "LK0807", "nothing calls the kick 'spare'")]
    [InlineData("policy spare serves sync\n    skip t when off\n", "LK0807", "nothing calls the policy 'spare'")]
    public void What_nothing_calls_is_found_in_a_scheme_and_offered_by_a_base(string block, string code, string said)
    {
        Assert.DoesNotContain(Lint(Clean + block), d => d.Code == code);
        var scheme = Clean.Replace("base doors", "scheme doors", StringComparison.Ordinal)
            .Replace("routine enter", "cpus kicker target\nroutine enter", StringComparison.Ordinal);
        Assert.Empty(Lint(scheme));
        Assert.Equal(said, Assert.Single(Lint(scheme + block)).Message);
    }

    /// <summary>What a scheme that includes the base uses is no mistake of the base.</summary>
    [Fact]
    public void What_an_including_file_uses_is_used()
    {
        const string Part = "base part \"a part\"\narch x86_64\nknob debug = off\npath late on debug from kernel\n"
            + "    x86_exception\n    iret\n";
        const string Rest = "routine r\n    step a when debug\n";
        var user = new SourceText("user.kick", "base user \"uses it\"\ninclude part\n" + Rest);
        var other = new SourceText("other.kick", "base other \"does not\"\n" + Rest);
        Assert.Equal("LK0800", Assert.Single(Lint(Part)).Code);
        Assert.Equal("LK0800", Assert.Single(SchemeLint.Of(Load(Part), other)).Code);
        Assert.Empty(SchemeLint.Of(Load(Part), user));
    }

    [Theory]
    [MemberData(nameof(Catalogued))]
    public void Nothing_is_found_in_the_catalogue(string name)
    {
        var all = Catalogue.Instance.Names.Concat(Catalogue.Instance.Field).Select(Catalogue.Instance.Find);
        var scheme = SchemeLoader.FromCatalogue(name)!;
        var found = SchemeLint.Of(scheme, scheme.IsBase ? all.OfType<SourceText>() : []);
        Assert.True(found.Count == 0, string.Concat(found.Select(d => d.Render("lint"))));
    }

    [Fact]
    public void The_handlers_of_a_kind_are_listed_by_where_the_CPU_is()
    {
        var scheme = Load(Clean);
        Assert.Equal(["irq_user"], Handlers.Of(scheme, Trigger.Irq, "user"));
        Assert.Equal(["irq_kernel"], Handlers.Of(scheme, Trigger.Irq, "kernel"));
        Assert.Empty(Handlers.Of(scheme, Trigger.Nmi, "kernel"));
        Assert.Equal(
            Enum.GetValues<Trigger>().Where(t => t != Trigger.Own).Order(),
            Handlers.Kinds.Select(k => k.Trigger).Order()
        );
    }

    private static DiagnosticCollection Lint(string text) => SchemeLint.Of(Load(text));

    private static Scheme Load(string text)
    {
        var diagnostics = new DiagnosticCollection();
        var scheme = SchemeLoader.Load(new SourceText("doors.kick", text), Catalogue.Instance, diagnostics);
        Assert.True(scheme is not null, string.Concat(diagnostics.Select(d => d.Render())));
        return scheme;
    }
}
