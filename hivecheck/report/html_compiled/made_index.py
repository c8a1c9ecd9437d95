"""Made from templates/index.html: do not edit."""
# ruff: noqa
# mypy: ignore-errors

from hivecheck.report.html_compiled.runtime import Macro, Markup, Undefined, environment, escape, markup_join, missing
name = 'index.html'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_title = resolve('title')
    l_0_style = resolve('style')
    l_0_style_hash = resolve('style_hash')
    l_0_version = resolve('version')
    l_0_tally = resolve('tally')
    l_0_glance = resolve('glance')
    l_0_tables = resolve('tables')
    l_0_rules = resolve('rules')
    l_0_generated = resolve('generated')
    l_0_command = resolve('command')
    l_0_foot = l_0_head = l_0_say = missing
    pass
    included_template = environment.get_template('frame.html', 'index.html')._get_default_module(context)
    l_0_foot = getattr(included_template, 'foot', missing)
    if l_0_foot is missing:
        l_0_foot = undefined(f"the template {included_template.__name__!r} (imported on line 2 in 'index.html') does not export the requested name 'foot'", name='foot')
    l_0_head = getattr(included_template, 'head', missing)
    if l_0_head is missing:
        l_0_head = undefined(f"the template {included_template.__name__!r} (imported on line 2 in 'index.html') does not export the requested name 'head'", name='head')
    context.vars.update({'foot': l_0_foot, 'head': l_0_head})
    context.exported_vars.difference_update(('foot', 'head'))
    included_template = environment.get_template('parts.html', 'index.html')._get_default_module(context)
    l_0_say = getattr(included_template, 'say', missing)
    if l_0_say is missing:
        l_0_say = undefined(f"the template {included_template.__name__!r} (imported on line 3 in 'index.html') does not export the requested name 'say'", name='say')
    context.vars['say'] = l_0_say
    context.exported_vars.discard('say')
    yield escape(context.call((undefined(name='head') if l_0_head is missing else l_0_head), (undefined(name='title') if l_0_title is missing else l_0_title), (undefined(name='style') if l_0_style is missing else l_0_style), (undefined(name='style_hash') if l_0_style_hash is missing else l_0_style_hash), (undefined(name='version') if l_0_version is missing else l_0_version), 'index'))
    yield '\n<header class="cover">\n<div class="inside">\n<p class="brand">hivecheck <span>next-boot reports</span></p>\n<h1>'
    yield escape((undefined(name='title') if l_0_title is missing else l_0_title))
    yield '</h1>\n<p class="tally">'
    yield escape(context.call((undefined(name='say') if l_0_say is missing else l_0_say), (undefined(name='tally') if l_0_tally is missing else l_0_tally)))
    yield '</p>\n'
    if (undefined(name='glance') if l_0_glance is missing else l_0_glance):
        pass
        yield '<dl class="glance">\n'
        for (l_1_label, l_1_bits) in (undefined(name='glance') if l_0_glance is missing else l_0_glance):
            _loop_vars = {}
            pass
            yield '<div><dt>'
            yield escape(l_1_label)
            yield '</dt><dd>'
            yield escape(context.call((undefined(name='say') if l_0_say is missing else l_0_say), l_1_bits, _loop_vars=_loop_vars))
            yield '</dd></div>\n'
        l_1_label = l_1_bits = missing
        yield '</dl>\n'
    yield '</div>\n</header>\n<main>\n'
    for l_1_it in (undefined(name='tables') if l_0_tables is missing else l_0_tables):
        _loop_vars = {}
        pass
        yield '<table class="'
        yield escape(environment.getattr(l_1_it, 'kind'))
        yield '">\n<caption>'
        yield escape(environment.getattr(l_1_it, 'caption'))
        yield '</caption>\n<thead><tr>'
        for l_2_column in environment.getattr(l_1_it, 'columns'):
            _loop_vars = {}
            pass
            yield '<th scope="col">'
            yield escape(l_2_column)
            yield '</th>'
        l_2_column = missing
        yield '</tr></thead>\n<tbody>\n'
        for (l_2__, l_2_head, l_2_cells) in environment.getattr(l_1_it, 'rows'):
            _loop_vars = {}
            pass
            yield '<tr><th scope="row">'
            yield escape(context.call((undefined(name='say') if l_0_say is missing else l_0_say), l_2_head, _loop_vars=_loop_vars))
            yield '</th>'
            for (l_3_label, l_3_bits) in l_2_cells:
                _loop_vars = {}
                pass
                yield '<td data-label="'
                yield escape(l_3_label)
                yield '">'
                yield escape(context.call((undefined(name='say') if l_0_say is missing else l_0_say), l_3_bits, _loop_vars=_loop_vars))
                yield '</td>'
            l_3_label = l_3_bits = missing
            yield '</tr>\n'
        l_2__ = l_2_head = l_2_cells = missing
        yield '</tbody>\n</table>\n'
    l_1_it = missing
    yield '</main>\n'
    yield escape(context.call((undefined(name='foot') if l_0_foot is missing else l_0_foot), (undefined(name='version') if l_0_version is missing else l_0_version), (undefined(name='rules') if l_0_rules is missing else l_0_rules), (undefined(name='generated') if l_0_generated is missing else l_0_generated), (undefined(name='command') if l_0_command is missing else l_0_command)))

blocks = {}
debug_info = '2=22&3=31&4=37&8=39&9=41&10=43&12=46&13=50&20=57&21=61&22=63&23=65&25=73&26=77&32=93'
