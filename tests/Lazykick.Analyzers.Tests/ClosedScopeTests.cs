namespace Lazykick.Analyzers.Tests;

/// <summary>
/// A scope without <c>using</c>: the compiler lets what was read in it live on after <c>Dispose</c>.
/// </summary>
public class ClosedScopeTests
{
    private const string Open = "var scope = s_domain.EnterRead(); ";

    [Theory]
    [InlineData("var view = s_slot.Read(scope); scope.Dispose(); Console.WriteLine([|LKR002: view|].Span[0]);")]
    [InlineData("var bytes = s_slot.Read(scope).Span; scope.Dispose(); Console.WriteLine([|LKR002: bytes|][0]);")]
    [InlineData(
        "var bytes = s_slot.Read(scope).Slice(1, 2)[1..]; scope.Dispose(); Console.WriteLine([|LKR002: bytes|][0]);"
    )]
    [InlineData("var table = s_pointer.Read(scope); scope.Dispose(); Console.WriteLine([|LKR002: table|][0]);")]
    [InlineData(
        "ref readonly var first = ref s_pointer.Read(scope)[0]; scope.Dispose(); Console.WriteLine([|LKR002: first|]);"
    )]
    [InlineData("var entry = s_map.GetValue(scope, 1); scope.Dispose(); Console.WriteLine([|LKR002: entry|][0]);")]
    [InlineData("var borrow = s_reference.Read(scope); scope.Dispose(); Console.WriteLine([|LKR002: borrow|].Value);")]
    [InlineData(
        "var stream = s_reference.Read(scope).Value; scope.Dispose(); Console.WriteLine([|LKR002: stream|].Length);"
    )]
    [InlineData(
        "var borrow = s_reference.Read(scope); var stream = borrow.Value; scope.Dispose(); "
            + "Console.WriteLine([|LKR002: stream|].Length);"
    )]
    [InlineData("var model = s_model; scope.Dispose(); Console.WriteLine([|LKR002: model|]);")]
    [InlineData("var model = Volatile.Read(ref s_model); scope.Dispose(); Console.WriteLine([|LKR002: model|]);")]
    [InlineData("var table = s_table; scope.Dispose(); Console.WriteLine([|LKR002: table|][0]);")]
    [InlineData(
        "var table = (long*)Volatile.Read(ref s_word); scope.Dispose(); Console.WriteLine([|LKR002: table|][0]);"
    )]
    [InlineData("var view = s_slot.Read(scope); var copy = view; scope.Dispose(); Use([|LKR002: copy|].Span);")]
    [InlineData("MappedView view; try { view = s_slot.Read(scope); } finally { scope.Dispose(); } "
        + "Use([|LKR002: view|].Span);")]
    [InlineData("var view = s_slot.Read(scope); if (s_kept is null) scope.Dispose(); Use([|LKR002: view|].Span); "
        + "if (s_kept is not null) scope.Dispose();")]
    [InlineData("var view = s_kept is null ? s_slot.Read(scope) : default; scope.Dispose(); "
        + "Use([|LKR002: view|].Span);")]
    [InlineData("var view = s_slot.Read(scope); scope.Dispose(); scope = s_domain.EnterRead(); "
        + "Use([|LKR002: view|].Span); scope.Dispose();")]
    [InlineData(
        "var view = s_slot.Read(scope); try { scope.Dispose(); Quick(); } catch { Use([|LKR002: view|].Span); }"
    )]
    [InlineData("var view = s_slot.Read(scope); for (var i = 0; i < 2; i++) { Use([|LKR002: view|].Span); "
        + "scope.Dispose(); }")]
    public Task A_use_after_its_end_is_reported(string body) => Check.Body(Open + body);

    [Fact]
    public Task In_a_lambda_too() =>
        Check.Body(
            "new Thread(() => { var scope = s_domain.EnterRead(); var view = s_slot.Read(scope); scope.Dispose(); "
                + "Use([|LKR002: view|].Span); }).Start();"
        );

    [Fact]
    public Task In_a_local_function_too() =>
        Check.Body(
            "Local(); static void Local() { var scope = s_domain.EnterRead(); var view = s_slot.Read(scope); "
                + "scope.Dispose(); Use([|LKR002: view|].Span); }"
        );

    [Theory]
    [InlineData("var view = s_slot.Read(scope); Use(view.Span); scope.Dispose();")]
    [InlineData("try { var view = s_slot.Read(scope); Use(view.Span); } finally { scope.Dispose(); }")]
    [InlineData("var view = s_slot.Read(scope); scope.Dispose(); scope = s_domain.EnterRead(); "
        + "view = s_slot.Read(scope); Use(view.Span); scope.Dispose();")]
    [InlineData("var view = s_slot.Read(scope); if (s_kept is null) { scope.Dispose(); return; } Use(view.Span); "
        + "scope.Dispose();")]
    [InlineData("var view = s_slot.Read(scope); if (s_kept is null) { scope.Dispose(); throw new Exception(); } "
        + "Use(view.Span); scope.Dispose();")]
    [InlineData("var view = s_slot.Read(scope); if (s_kept is null) { Use(view.Span); scope.Dispose(); } "
        + "else { Use(view.Span); scope.Dispose(); }")]
    [InlineData("var view = s_slot.Read(scope); var first = view.Span[0]; var all = view.Span.ToArray(); "
        + "scope.Dispose(); Console.WriteLine(first + all[0]);")]
    [InlineData("_ = s_map.TryGetValue(scope, 1, out var value); scope.Dispose(); Console.WriteLine(value);")]
    [InlineData("var length = s_reference.Read(scope).Value.Length; scope.Dispose(); Console.WriteLine(length);")]
    [InlineData("var length = s_model!.Length; scope.Dispose(); Console.WriteLine(length);")]
    [InlineData("var other = s_kept; scope.Dispose(); Console.WriteLine(other);")]
    [InlineData("var view = s_slot.Read(scope); Use(view.Span); scope.Dispose(); view = default; Use(view.Span);")]
    [InlineData("var other = s_domain.EnterRead(); var view = s_slot.Read(other); scope.Dispose(); Use(view.Span); "
        + "other.Dispose();")]
    [InlineData("var inner = s_domain.EnterRead(); var model = s_model; inner.Dispose(); Console.WriteLine(model); "
        + "scope.Dispose();")]
    [InlineData("scope.Dispose(); while (s_kept is null) { scope = s_domain.EnterRead(); "
        + "var view = s_slot.Read(scope); "
        + "Use(view.Span); scope.Dispose(); }")]
    [InlineData("try { if (s_kept is null) { scope.Dispose(); return; } } finally { Quick(); } "
        + "var view = s_slot.Read(scope); Use(view.Span); scope.Dispose();")]
    [InlineData("var inner = s_domain.EnterRead(); var table = s_pointer.Read(inner); inner.Dispose(); "
        + "Console.WriteLine(table[0]); scope.Dispose();")]
    public Task A_use_before_it_is_not(string body) => Check.Body(Open + body);

    [Fact]
    public Task An_open_scope_of_another_domain_protects_nothing() =>
        Check.Body(
            "using var outer = s_otherDomain.EnterRead(); var inner = s_domain.EnterRead(); "
                + "var table = s_pointer.Read(inner); inner.Dispose(); Console.WriteLine([|LKR002: table|][0]);"
        );

    [Fact]
    public Task A_catch_around_a_lambda_is_not_the_lambdas() =>
        Check.Body(
            "try { new Thread(() => { var scope = s_domain.EnterRead(); var view = s_slot.Read(scope); Use(view.Span); "
                + "scope.Dispose(); }).Start(); } catch (Exception) { Quick(); }"
        );

    [Fact]
    public Task Nor_inside_the_callers_scope() =>
        Check.Body(
            "var inner = s_domain.EnterRead(); var model = s_model; inner.Dispose(); Console.WriteLine(model);",
            parameters: "in ReadScope outer"
        );
}
